"""The structure OECD.DAF.INV:DSD_FDI, of the direct investment statistics by the Benchmark Definition (BMD4)."""

from tasks.sources._shared.oecd import Structure

STRUCTURE = Structure(
    name="DSD_FDI",
    dimensions={
        "REF_AREA": "oecd_ref_area", "MEASURE": "oecd_measure", "UNIT_MEASURE": "oecd_unit_measure",
        "MEASURE_PRINCIPLE": "oecd_measure_principle", "ACCOUNTING_ENTRY": "oecd_accounting_entry",
        "TYPE_ENTITY": "oecd_type_entity", "FDI_COMP": "oecd_fdi_comp", "SECTOR": "oecd_sector",
        "COUNTERPART_AREA": "oecd_counterpart_area", "LEVEL_COUNTERPART": "oecd_level_counterpart",
        "ACTIVITY": "oecd_activity", "FREQ": "oecd_freq", "FDI_COLLECTION_ID": "oecd_collection",
    },
    attributes={
        "TIME_PERIOD": "oecd_time_period", "OBS_VALUE": "oecd_value", "OBS_STATUS": "oecd_obs_status",
        "UNIT_MULT": "oecd_unit_mult", "CONF_STATUS": "oecd_conf_status", "CURRENCY": "oecd_currency",
        "DECIMALS": "oecd_decimals",
    },
    optional=("FDI_COLLECTION_ID", "CONF_STATUS", "CURRENCY", "DECIMALS"),
)  # fmt: skip
