with asked as (
  select *, coalesce("url.domain", "destination.ip") as host, "user_agent.original" as agent,
         coalesce(len("vonggac.http.request.header_names"), 0) as headers,
         lower(array_to_string("vonggac.http.request.header_names", ' ')) as names,
         "http.request.method" = 'POST' as post, coalesce("http.request.body.bytes", 0) as sent, coalesce("http.response.body.bytes", 0) as received
  from http
  where goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and "http.request.method" in ('GET', 'POST', 'PUT')
    and not coalesce("vonggac.http.proxied", false)
    and not in_popular("url.domain") and not in_update_service("url.domain")
    and not regexp_matches(lower(coalesce("vonggac.http.request.content_type", '')), 'ocsp|soap|dns-message|timestamp-query')
    and names not like '%x-mining-%'                                  -- work of a mining pool, fetched over HTTP (getwork): another behaviour
    and not regexp_matches(coalesce("url.path", ''), '(?i)\.(crl|crt|cer|cab|css|jpe?g|gif|png|ico|woff2?|mp4|ts|m3u8)$')
), call as (
  select "source.ip", "destination.ip", "destination.port", host, count(*) as requests, count(*) filter (where post) as posts,
         arg_max("url.path", sent) as path, evidence("event.id", "@timestamp") as events,
         avg((agent is null or agent = '')::integer) >= 0.3 as silent,
         avg(tool_agent(agent)::integer) >= 0.8 as tool,
         -- every browser says which languages and encodings it takes; programs that copy its name forget to
         avg((browser_agent(agent) and names not like '%accept-language%')::integer) >= 0.8 as forged,
         avg(headers) <= 4.5 as bare,
         count(*) filter (where post and not contains(coalesce("http.request.referrer", ''), coalesce("url.domain", '-')) and names not like '%origin%' and names not like '%x-requested-with%') >= 1
           and count(*) filter (where "http.request.referrer" is not null and contains("http.request.referrer", coalesce("url.domain", '-'))) = 0 as blind_post,
         count(*) filter (where post and regexp_matches("url.path", '(?i)\.(php|asp|aspx|jsp|cgi)$')) >= 1 as gate,
         count(*) filter (where post and sent >= 16 and "vonggac.http.request.body_entropy" >= 5.6 + least(1.6, ln(greatest(sent, 16) / 16.0) * 0.3)
           and not coalesce("http.request.mime_type", '') like 'image/%') >= 1 as packed,
         count(*) >= 3 and count(distinct "url.path") <= greatest(1, count(*) // 4) as repeated,
         bool_or(coalesce(agent like '%WindowsPowerShell/%', false)) as powershell,
         -- fields of its own, in a way that no standard writes them
         -- owners of sites keep pictures there, intruders their scripts
         bool_or(regexp_matches("url.path", '(?i)/(uploads?|userfiles|images?|img|files?|media|tmp|wp-includes|wp-content|\.well-known|modules|templates|themes|plugins)/([^?]*/)?[^/]+\.(php\d?|asp|aspx|jsp|cgi)$')) as planted,
         -- the whole query is one long word: data, not fields
         bool_or(coalesce(regexp_full_match("url.query", '[A-Za-z0-9+/_%-]{64,}=*'), false)) as encoded,
         max(len(list_filter("vonggac.http.request.header_names", lambda field: contains(field, '_')))) >= 3 as own_fields,
         count(*) filter (where post and received < 200) >= 0.7 * count(*) as tiny
  from asked group by all
), judged as (
  select *, is_address(host) as unnamed,
         not is_address(host) and not regexp_full_match(host, '([a-z0-9_-]+\.)+[a-z0-9-]{2,}\.?') as false_host, "destination.port" not in (80, 443, 8080, 8000, 8008, 3128, 8888) as odd_port,
         in_dynamic_dns(host) as dynamic_name, in_cheap_suffix(host) as cheap,
         not is_address(host) and length(chosen_label(host)) >= 8 and bigram_score(chosen_label(host)) < -3.6 as unlikely_name
  from call
), weighed as (
  select *, 1.8 * unnamed::integer + 2.0 * false_host::integer + 1.0 * silent::integer + 0.6 * tool::integer + 1.5 * powershell::integer + 1.2 * forged::integer + 0.7 * bare::integer + 1.0 * own_fields::integer + 1.0 * blind_post::integer
    + 0.8 * encoded::integer + 0.8 * (planted and (blind_post or silent or forged))::integer + 0.6 * gate::integer + 1.0 * packed::integer + 0.5 * repeated::integer + 0.5 * tiny::integer + 0.6 * odd_port::integer + 1.2 * dynamic_name::integer
    + 0.5 * cheap::integer + 0.6 * unlikely_name::integer as oddity
  from judged
), listed as (     -- what is odd at one place is malware's habit where unrelated places are called like that
  select *, count(distinct network_of("destination.ip")) filter (where oddity >= $oddity and (posts >= 1 or encoded) and (forged or silent)) over (partition by "source.ip") as networks,
         count(distinct host) filter (where oddity >= $oddity and (posts >= 1 or encoded) and (forged or silent) and length(path) >= 4) over (partition by "source.ip", path) as names
  from weighed
)
select "source.ip" as machine, "destination.ip" as peer, case when unnamed then null else host end as domain, host, "destination.port" as port,
       requests, posts, path, events, oddity as headline, oddity >= $strong as strong, silent, tool, forged, bare, blind_post, gate, packed, repeated, tiny,
       odd_port, dynamic_name, cheap, unlikely_name, unnamed, false_host, powershell, own_fields, planted, encoded,
       (posts >= 1 or encoded) and networks >= 2 as several, (posts >= 1 or encoded) and names >= 2 as twin,
       (posts >= 1 or encoded) and (networks >= 3 or names >= 2 and (gate or packed or encoded) or oddity >= $proof or dynamic_name and gate and (forged or silent) and oddity >= $strong) as sure
from listed
where oddity >= $oddity
  and (posts >= 1 or requests >= 3 or encoded or unnamed and forged or powershell)                -- a single look-up proves nothing
