"""The structure OECD.SDD.TPS:DSD_ITIC, of the transport and insurance costs of merchandise trade."""

from tasks.sources._shared.oecd import Structure

STRUCTURE = Structure(
    name="DSD_ITIC",
    dimensions={
        "REF_AREA": "oecd_ref_area", "COUNTERPART_AREA": "oecd_counterpart_area", "MEASURE": "oecd_measure",
        "PRODUCT_TYPE": "oecd_product_type", "COMM_HS2017": "oecd_product", "FREQ": "oecd_freq",
        "UNIT_MEASURE": "oecd_unit_measure",
    },
    attributes={
        "TIME_PERIOD": "oecd_time_period", "OBS_VALUE": "oecd_value", "OBS_STATUS": "oecd_obs_status",
        "METHODOLOGY_TYPE": "oecd_methodology", "UNIT_MULT": "oecd_unit_mult", "DECIMALS": "oecd_decimals",
    },
    optional=("METHODOLOGY_TYPE", "DECIMALS"),
)  # fmt: skip
