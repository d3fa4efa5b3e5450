select "source.ip" as machine, "destination.ip" as peer, case when not is_address("url.domain") then "url.domain" end as domain,
       coalesce("url.domain", "destination.ip") as host, arg_max("url.path", "http.response.body.bytes") as path, count(*) as answers,
       sum("http.response.body.bytes")::bigint as bytes, min("vonggac.http.response.content_type") as declared, evidence("event.id", "@timestamp") as events,
       sum("http.response.body.bytes")::bigint as headline, count(*) >= 3 as several_times, sum("http.response.body.bytes") >= 100000 as large
from http
where "http.response.body.bytes" >= $smallest
  and "vonggac.http.response.body_entropy" >= $entropy
  and "http.response.mime_type" = 'application/octet-stream'            -- by content: no archive, no picture, nothing that is known
  -- called a page or a picture; or a lump asked for by what hides its name, from a place that costs nothing or in as few words as can be
  and (regexp_matches(lower("vonggac.http.response.content_type"), '^text/(html|plain|css)|^image/')
    or (is_address(coalesce("url.domain", "destination.ip")) or in_cheap_suffix("url.domain") or in_dynamic_dns("url.domain")
        or len("vonggac.http.request.header_names") <= 4)
      and regexp_matches(lower(coalesce("url.extension", '')), '^(bin|dat|raw|enc|tmp|pem|log|db)$')
      and (coalesce("user_agent.original", '') = '' or browser_agent("user_agent.original")
        and lower(array_to_string("vonggac.http.request.header_names", ' ')) not like '%accept-language%'))
  and "vonggac.http.response.content_encoding" is null                  -- compressed pages look alike until they are unpacked
  and "http.request.referrer" is null
  and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
group by "source.ip", "destination.ip", "url.domain"
