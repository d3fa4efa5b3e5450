with asked as (
  select "source.ip", "destination.ip", coalesce("url.domain", "destination.ip") as host, "url.path" as path, coalesce("http.response.body.bytes", 0) as answer,
         coalesce("user_agent.original", '') as agent, "@timestamp" as moment, "event.id" as id
  from http
  where "http.request.referrer" is null
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and ("http.request.method" = 'POST' or "url.query" is not null and regexp_matches("url.path", '(?i)\.(php|asp|aspx|jsp|cgi)$'))
    and "http.response.status_code" = 200
    -- nothing said about itself, or a browser's name without a browser's request
    and (coalesce("user_agent.original", '') = '' or browser_agent("user_agent.original")
      and lower(array_to_string("vonggac.http.request.header_names", ' ')) not like '%sec-fetch%' and lower(array_to_string("vonggac.http.request.header_names", ' ')) not like '%origin%'
      and lower(array_to_string("vonggac.http.request.header_names", ' ')) not like '%cookie%')
), program as (
  select "source.ip", "destination.ip", coalesce("url.domain", "destination.ip") as source, coalesce("user_agent.original", '') as agent, "@timestamp" as moment, "event.id" as id
  from file
  where "vonggac.file.direction" = 'download'
    and "vonggac.file.kind" in ('pe', 'elf')
    and not in_update_service("url.domain") and not in_popular("url.domain")
)
select asked."source.ip" as machine, asked."destination.ip" as peer, case when not is_address(host) then host end as domain, host, min(path) as path,
       min(answer) as answer, min(epoch(program.moment - asked.moment)) as seconds, count(distinct program.id) as programs, several(list(source)) as sources,
       list_concat(evidence(asked.id, asked.moment), evidence(program.id, program.moment)) as events, count(distinct program.id) as headline,
       count(distinct source) >= 2 as several
from asked join program using ("source.ip", agent)
where answer between 1 and $order
  and epoch(program.moment - asked.moment) between 0 and $within
  and source <> host
group by asked."source.ip", asked."destination.ip", host
