with sent as (
  select *, coalesce("url.domain", "destination.ip") as host, lower(array_to_string("vonggac.http.request.header_names", ' ')) as names,
         lower(coalesce("url.query", '')) || ' ' || lower(array_to_string("vonggac.http.request.header_names", ' ')) as said
  from http
  where goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and not in_popular("url.domain") and not in_update_service("url.domain")
), marked as (
  select *, list_distinct(regexp_extract_all(said, '(^|[&_ ])(affiliate_?id|affiliate|aff_?id|sub_?aff_?id|sub_?id|publisher_?id|pub_?id|partner_?id|campaign_?id|toolbar_?id|toolbar|bundle_?id|offer_?id|client_?guid|install_?id|installer_?id|machine_?guid|hw_?id|popup|adzone)( |=|$)', 2)) as words
  from sent
  where not (browser_agent("user_agent.original") and names like '%accept-language%')      -- pages carry such words, in a browser
)
select "source.ip" as machine, min("destination.ip") as peer, case when not is_address(host) then host end as domain, host, count(*) as requests,
       several(flatten(list(words))) as words, min("url.path") as path, evidence("event.id", "@timestamp") as events, count(*) as headline
from marked
group by "source.ip", host
having len(list_distinct(flatten(list(words)))) >= $marks
