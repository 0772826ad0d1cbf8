-- When the request was sent that is :offset requests before the last one.
SELECT sent_at FROM sent WHERE source = :source AND sent_at > :since ORDER BY sent_at DESC LIMIT 1 OFFSET :offset
