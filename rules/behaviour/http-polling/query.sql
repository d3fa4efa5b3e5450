with asked as (
  select *, coalesce("url.domain", "destination.ip") as host, coalesce("url.path", '/') as path,
         epoch("@timestamp" - lag("@timestamp") over (partition by "source.ip", "destination.ip", "destination.port" order by "@timestamp")) as gap,
         lower(array_to_string("vonggac.http.request.header_names", ' ')) as names
  from http
  where "http.request.method" in ('GET', 'POST')
    and not coalesce("vonggac.http.proxied", false)
    and not regexp_matches(lower(coalesce("vonggac.http.request.content_type", '')), 'soap|xml|ocsp|dns-message')
), pair as (
  select "source.ip", "destination.ip", "destination.port", min(host) as host, count(*) as requests, count(distinct path) as paths, mode(path) as path,
         median(gap) filter (gap >= 1) as every_s, gamma_shape(avg(gap) filter (gap >= 1), avg(ln(gap)) filter (gap >= 1)) as k, count(*) filter (gap >= 1) as gaps,
         avg((browser_agent("user_agent.original") and names not like '%accept-language%' and "http.request.referrer" is null)::integer) as forged,
         avg((coalesce("vonggac.http.request.cookie_length", 0) >= 20)::integer) >= 0.6 as cookie,
         median(coalesce("http.response.body.bytes", 0)) <= 300 as hollow,
         -- as their documentation has them: Empire (default listener), Cobalt Strike (default profile)
         avg((path in ('/login/process.php', '/admin/get.php', '/news.php', '/login/process.jsp', '/admin/get.jsp', '/news.jsp', '/news.asp', '/login/process.asp', '/admin/get.asp')
           or regexp_full_match(path, '/(submit\.php|pixel\.gif|__utm\.gif|ga\.js|fwlink|dpixel|dot\.gif|cx|ptj|push|cm|visit\.js|IE9CompatViewList\.xml|updates\.rss|activity|match|load|g\.pixel|j\.ad|ca|en_US/all\.js)') and coalesce("vonggac.http.request.cookie_length", 0) >= 100)::integer) >= 0.9 as default_path,
         avg(regexp_matches(path, '(?i)\.(ts|m4s|mp4|m3u8|mpd|crl|crt|cab|png|jpe?g|css|woff2?)$')::integer) as pieces, evidence("event.id", "@timestamp") as events
  from asked group by all
)
select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, case when not is_address(host) then host end as domain, host, requests, paths, path, every_s, k,
       events, k as headline, cookie, paths = 1 as few_paths, hollow, default_path
from pair
where requests >= $calls
  and paths <= $paths
  and forged >= 0.9
  and k >= $shape
  and every_s >= 1.5                                                  -- a film or a meter asks faster
  and (cookie or hollow)
  and pieces < 0.5
