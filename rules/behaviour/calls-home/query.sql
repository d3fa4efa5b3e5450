with came as (
  select "source.ip", "destination.ip", "destination.port", min_by("vonggac.file.kind", "@timestamp") as kind, min_by("file.size", "@timestamp") as size,
         min("@timestamp") as moment, evidence("event.id", "@timestamp") as events
  from file
  where "vonggac.file.direction" = 'download'
    and ("vonggac.file.kind" in ('pe', 'elf', 'macho', 'hta') or "file.mime_type" in ('text/x-python', 'text/x-shellscript', 'text/x-perl', 'text/x-powershell'))
  group by all
), called as (
  select "source.ip", "destination.ip", "destination.port", "@timestamp" as moment, "event.id" as id, coalesce("url.domain", "destination.ip") as host,
         "url.path" as path, coalesce("user_agent.original", '–') as agent
  from http
  where "http.request.method" = 'POST'
    and "http.request.referrer" is null
    -- written by a script, or without a word about itself, or under a browser's name without its manners
    and (tool_agent("user_agent.original") or coalesce("user_agent.original", '') = ''
      or browser_agent("user_agent.original") and lower(array_to_string("vonggac.http.request.header_names", ' ')) not like '%accept-language%')
    and not regexp_matches(coalesce("user_agent.original", ''), '(?i)^java/|okhttp|windows-update|ccm|sms')
    and not regexp_matches(lower(coalesce("vonggac.http.request.content_type", '')), 'soap|xml|ocsp|dns-message')
)
select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, case when not is_address(min(host)) then min(host) end as domain,
       min(host) as host, min(kind) as kind, min(size) as size, count(distinct id) as posts, min(epoch(called.moment - came.moment)) as seconds,
       any_value(path) as path, any_value(agent) as agent, list_concat(any_value(came.events), evidence(id, called.moment)) as events,
       count(distinct id) as headline, count(distinct id) >= 10 as many, is_address(min(host)) as unnamed
from called join came using ("source.ip", "destination.ip", "destination.port")
where called.moment >= came.moment
group by "source.ip", "destination.ip", "destination.port"
having count(distinct id) >= $posts
