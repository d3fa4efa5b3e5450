with asked as (
  select "source.ip", "destination.ip", "url.path" as path, "event.id", "@timestamp", "http.response.status_code" as status, coalesce("http.response.body.bytes", 0) as size,
         lower(replace(replace(replace("url.query", '+', ' '), '%20', ' '), '%27', '''')) as query
  from http where "url.query" is not null
), attack as (
  select *, case
      when regexp_matches(query, 'union( |/\*.{0,20}\*/)+(all( |/\*.{0,20}\*/)+)?select|information_schema|(sleep|benchmark|extractvalue|updatexml|load_file)(\(|%28)|waitfor +delay|'' *(or|and) +[''\d]|(order|group) +by +\d+ *(--|%23|#)|'' *(--|%23|;)') then 'SQL'
      when regexp_matches(query, '(<|%3c)(script|svg|img|iframe|body)[^a-z]|javascript(:|%3a)|on(error|load|mouseover)( |%20)*(=|%3d)') then 'XSS'
      when regexp_matches(query, '(\.\.(/|%2f|\\|%5c)){2,}|etc(/|%2f)+(passwd|shadow)|boot\.ini|win\.ini|php(://|%3a%2f%2f)(filter|input)') then 'path'
      when regexp_matches(query, '(;|\||%7c|%3b|&&|%26%26|`|%60|\$\(|%24%28) *(cat|ls|id|whoami|uname|wget|curl|nc|ping|ifconfig|ipconfig|net user|dir|type|bash|sh|cmd|powershell)( |%20|$|;|%3b)') then 'command' end as kind
  from asked
), pair as (
  select "source.ip", "destination.ip", count(*) as attempts, several(list(kind)) as kinds, count(distinct path) as pages, mode(path) as path,
         count(*) filter (status between 200 and 299) as answered, count(*) filter (status >= 500) as errors, count(*) filter (status in (400, 401, 403, 404, 405, 406, 413, 414, 429)) as refused,
         median(size) filter (status between 200 and 299) as middle, max(size) filter (status between 200 and 299) as largest, evidence("event.id", "@timestamp") as events
  from attack where kind is not null group by all
)
select "source.ip" as machine, "destination.ip" as peer, attempts, kinds, pages, path, answered, errors, refused, events, attempts as headline,
       attempts >= 10 as many, coalesce(answered >= 2 and largest >= 1.5 * middle + 200, false) as yielded, errors >= 1 as failing, refused >= 0.8 * attempts as fended
from pair
where attempts >= $attempts
  and "source.ip" <> "destination.ip"
