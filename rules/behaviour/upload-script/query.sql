with called as (
  select "source.ip", "destination.ip", "vonggac.destination.home", "url.path" as path, "event.id", "@timestamp", "http.request.method" as method
  from http
  where "http.response.status_code" = 200
    and (coalesce("http.request.body.bytes", 0) > 0 or coalesce("url.query", '') <> '')                -- it is told something
    and regexp_matches("url.path", '(?i)/(uploads?|uploaded|userfiles|images?|img|files?|attachments?|media|avatars?|tmp|temp|aspnet_client|backup|cache|hackable)/([^?]*/)?[^/]+\.(php\d?|phtml|aspx?|ashx|jspx?|cfm|cgi|pl)$')
    and not regexp_matches("url.path", '(?i)(thumb|resize|captcha|upload|download|get|show|view|file|image|img|connector|index|handler)[a-z_-]*\.\w+$')   -- what delivers or takes files
), page as (
  select "destination.ip", path, count(distinct "source.ip") as callers from called group by all
)
select called."source.ip" as machine, called."destination.ip" as peer, called.path as path, count(*) as requests, any_value(callers) as callers,
       evidence("event.id", "@timestamp") as events, count(*) as headline, any_value(callers) = 1 as alone, count(*) >= 5 as repeated
from called join page using ("destination.ip", path)
where "vonggac.destination.home"                           -- a page outside that is told something is a control server: c2-http
  and callers <= 2                                          -- a page for everybody is a page
group by called."source.ip", called."destination.ip", called.path
having count(*) >= $calls
