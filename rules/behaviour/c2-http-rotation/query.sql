with asked as (
  select "source.ip", "destination.ip", coalesce("destination.registered_domain", "destination.ip") as place, "url.path" as path, "user_agent.original" as agent, "event.id", "@timestamp"
  from http
  where goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and not coalesce("vonggac.http.proxied", false)
    and lower(array_to_string("vonggac.http.request.header_names", ' ')) not like '%accept-language%'
    and not in_popular(coalesce("url.domain", '')) and not in_update_service(coalesce("url.domain", ''))
)
select "source.ip" as machine, min("destination.ip") as peer, path, count(*) as requests, count(distinct place) as places, several(list(place)) as examples,
       evidence("event.id", "@timestamp") as events, count(distinct place) as headline,
       count(distinct place) >= 2 * $places as sure
from asked
where length(path) between 3 and 80                                  -- not the front page
  and not regexp_matches(path, '(?i)(favicon|robots|sitemap|feed|rss|atom|autodiscover|autoconfig|\.well-known|speedtest|repodata|/dists/|/pool/|mirror|apple-touch|crossdomain|ads\.txt|\.(js|css|png|gif|jpe?g|crl|crt|cab)$|announce|scrape|generate_204|connecttest|ncsi|ocsp|wpad|/range/|\.(ts|m4s|mp4|m3u8)$)')
group by "source.ip", path
having count(distinct place) >= $places
   and avg((coalesce(agent, '') = '' or agent like 'Mozilla%')::integer) >= 0.5      -- programs that try mirrors or feeds say who they are
