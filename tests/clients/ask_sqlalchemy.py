"""SQLAlchemy through duckdb-engine. Tables are named with their columns: duckdb-engine 0.17 cannot look up keys (``autoload_with``)."""

import json
import sys
import warnings

import sqlalchemy as sa

warnings.filterwarnings("ignore", message="Did not recognize type 'struct'")
engine = sa.create_engine(f"duckdb:///{sys.argv[1]}", connect_args={"read_only": True})
inspector = sa.inspect(engine)
columns = [column["name"] for column in inspector.get_columns("trade", schema="mart")]
trade = sa.table("trade", *(sa.column(name) for name in columns))
of_china = sa.and_(trade.c.reporter == "CHN", trade.c.year == 2019)
with engine.connect() as con:
    total = con.execute(sa.select(sa.func.sum(trade.c.exports_usd)).where(of_china)).scalar_one()
    provenances = con.execute(sa.select(trade.c.exports_from).where(of_china)).scalars().all()
    marts = sorted(con.execute(sa.text("SHOW TABLES")).scalars())
json.dump(
    {
        "marts": marts,
        "columns": columns,
        "total": str(total),
        "publisher": max(p["publisher"] for p in provenances if p),
    },
    sys.stdout,
)
