INSERT INTO pulled (source, ended_at, whole_at, told, hourly, daily)
VALUES (:source, :ended_at, :complete_at, :message, :hourly, :daily)
ON CONFLICT DO UPDATE SET
    ended_at = excluded.ended_at, whole_at = coalesce(excluded.whole_at, whole_at), told = excluded.told,
    hourly = excluded.hourly, daily = excluded.daily
