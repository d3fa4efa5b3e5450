with post as (
  select *, coalesce("url.domain", "destination.ip") as host, coalesce("http.request.body.bytes", 0) as sent
  from http
  where "http.request.method" in ('POST', 'PUT')
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and "http.request.referrer" is null
    and lower(array_to_string("vonggac.http.request.header_names", ' ')) not like '%origin%'
), pair as (
  select "source.ip", "destination.ip", host, count(*) as posts, sum(sent) as bytes, sum(coalesce("http.response.body.bytes", 0)) as received,
         arg_max("url.path", sent) as path, evidence("event.id", "@timestamp") as events,
         bool_and(not browser_agent("user_agent.original") or lower(array_to_string("vonggac.http.request.header_names", ' ')) not like '%accept-language%') as no_browser,
         -- a form that a person fills in holds a page of text at most, and comes from a page
         coalesce(max(sent) filter (lower("vonggac.http.request.content_type") like '%x-www-form-urlencoded%') >= 20000, false) as long_form,
         bool_or(sent >= 2000 and "vonggac.http.request.body_entropy" >= 7.2) as packed,
         bool_or(coalesce("http.request.mime_type", '') like '%zip%' or coalesce("http.request.mime_type", '') like '%compressed%') as archive
  from post group by all
), judged as (
  select *, is_address(host) as unnamed, in_dynamic_dns(host) or in_cheap_suffix(host) as dynamic_name from pair
)
select "source.ip" as machine, "destination.ip" as peer, case when unnamed then null else host end as domain, host, path, posts, bytes, received, events,
       bytes as headline, unnamed, no_browser, packed, archive, dynamic_name, long_form, (unnamed or dynamic_name) and (packed or archive) as strong
from judged
where (bytes >= $bytes or bytes >= 0.2 * $bytes and packed and unnamed)
  and bytes >= 3 * received                                          -- what goes out, not what comes in
  and no_browser
  and (unnamed or packed or archive or dynamic_name or long_form)
