with asked as (
  select *, coalesce("user_agent.original", '') as agent, coalesce("url.domain", "destination.ip") as host,
         coalesce(len("vonggac.http.request.header_names"), 0) as headers,
         lower(array_to_string("vonggac.http.request.header_names", ' ')) as names
  from http
  where goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and not in_update_service(coalesce("url.domain", ''))
    and coalesce("http.request.method", '') in ('GET', 'POST')
), judged as (
  select *,
    -- Every browser since 2000 says which languages and encodings it takes; programs that copy its name forget to.
    browser_agent(agent) and headers between 1 and 6 and names not like '%accept-language%' and names not like '%accept-encoding%'
      and names not like '%range%' as forged,
    regexp_matches(agent, '(?i)WindowsPowerShell|CertUtil|AutoIt|WinHttp\.WinHttpRequest|^python-|^go-http-client|^curl/|^wget/|nsis_inetc|^http ?client$|^test$|^agent$|^mozilla/\d\.0$|^user-?agent|^[a-z0-9]{1,4}$')
      as rare
  from asked
)
select "source.ip" as machine, "destination.ip" as peer, host, case when is_address(host) then null else host end as domain, min(agent) as agent,
       bool_or(forged) as forged, bool_or(rare) as rare, evidence("event.id", "@timestamp") as events,
       min(agent) as headline
from judged
where forged or rare
group by "source.ip", "destination.ip", host
