import time
def test_a(load_curated, curated_folder, warehouse):
    f = curated_folder
    for t in ("trade","fdi","fdi_rate","indicator","presence","visits","milestones"):
        f.write(f"{t}/a.csv", [f.row(t)])
    t0=time.time(); o=load_curated(); print(time.time()-t0)
    for k,v in o.items(): print(k, v.fault, v.rows_in, v.rows_accepted, v.rows_quarantined, v.change)
    print(warehouse.execute("from meta.quarantine").fetchall())
    t0=time.time(); o=load_curated(); print(o, time.time()-t0)
    f.write("indicator/a.csv", [f.row("indicator", printed_value="3")])
    t0=time.time(); o=load_curated(); print(o, time.time()-t0)
