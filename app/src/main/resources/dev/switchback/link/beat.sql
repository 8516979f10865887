-- A heartbeat with a number that is higher than the one before, by the clock where there was none. What was found of a
-- replaced slot stays, whatever a session that looked earlier wants to write. Parameter: the row.
UPDATE switchback.heartbeat
   SET token = 'beat ' || greatest((extract(epoch FROM clock_timestamp()) * 1000)::bigint,
                                   coalesce(substring(token FROM '^beat (\d+)')::bigint, 0) + 1),
       at = clock_timestamp()
 WHERE id = ? AND token NOT LIKE 'replaced %'
RETURNING token
