-- Plans that are replaced by a new one of the same digest, closed, or untouched for too long.
SELECT plan FROM plan WHERE digest = :digest OR touched_at < :oldest OR closed_at IS NOT NULL
