with try as (
  select "source.ip", "destination.ip", coalesce("url.domain", "destination.ip") as host, "url.path", "event.id", "@timestamp",
         "http.response.status_code" = 401 as refused, "http.request.body.bytes" as sent
  from http
  where ("http.response.status_code" = 401 and "vonggac.http.request.authorization" is not null)
     or ("http.request.method" = 'POST' and "http.request.body.bytes" between 10 and 600
         and regexp_matches("url.path", '(?i)(log-?in|sign-?in|auth|session|wp-login|xmlrpc|account|passw)'))
     or ("http.request.method" = 'GET' and regexp_matches("url.query", '(?i)(^|&)(user(name)?|login)=[^&]*&(.*&)?pass(word)?='))
)
select "source.ip" as machine, "destination.ip" as peer, host, "url.path" as path, count(*) as tries, sum(refused::integer) as refused,
       evidence("event.id", "@timestamp") as events, count(*) as headline, count(*) >= 100 as many
from try
group by "source.ip", "destination.ip", host, "url.path"
having count(*) >= $tries
