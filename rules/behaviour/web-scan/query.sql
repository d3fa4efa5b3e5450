with asked as (
  select "source.ip", "destination.ip", "url.path" as path, "http.response.status_code" in (400, 401, 403, 404, 405, 500, 501) as refused, "event.id", "@timestamp" from http
  where "http.response.status_code" is not null
), pair as (
  select "source.ip", "destination.ip", count(distinct path) filter (refused) as paths, count(*) as requests, 100 * avg(refused::integer) as share,
         count(*) / greatest(1, epoch(max("@timestamp") - min("@timestamp"))) as per_second, several(list(path) filter (refused)) as examples,
         evidence("event.id", "@timestamp") as events
  from asked group by all
)
select "source.ip" as machine, "destination.ip" as peer, paths, requests, share, per_second, examples, events, paths as headline
from pair
where paths >= $paths
  and share >= 100 * $failing
  and per_second >= 0.5
