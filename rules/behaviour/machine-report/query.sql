with named as (
  select *, regexp_extract(upper(coalesce("url.query", '') || ' ' || coalesce("url.path", '')), '(^|[^A-Z0-9])((DESKTOP|LAPTOP)-[A-Z0-9]{7}|WIN-[A-Z0-9]{8,11}|[A-Z0-9]{2,11}-PC)([^A-Z0-9]|$)', 2) as own
  from http
  where coalesce("user_agent.original", '') = ''
)
select "source.ip" as machine, "destination.ip" as peer, case when not is_address("url.domain") then "url.domain" end as domain,
       coalesce("url.domain", "destination.ip") as host, any_value("url.path") as path, count(*) as requests, several(list(own)) as examples,
       evidence("event.id", "@timestamp") as events, count(*) as headline
from named
where own <> ''
  and len("vonggac.http.request.header_names") <= $headers
  and "url.domain" not like '%.local'                                -- the office's own inventory
group by "source.ip", "destination.ip", "url.domain"
