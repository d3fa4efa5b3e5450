with document as (
  select *, coalesce("url.domain", "destination.ip") as host, coalesce("file.name", "url.path", '') as path, "vonggac.file.kind" as kind
  from file
  where "vonggac.file.direction" = 'download'
    and "vonggac.file.kind" in ('office-macro', 'onenote', 'lnk', 'hta', 'disk-image')
    and coalesce("network.protocol", 'http') = 'http'
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
), weighed as (
  select *, case kind when 'office-macro' then 1.0 when 'disk-image' then 0.3 else 1.2 end
    + 1.2 * is_address(host)::integer + 1.2 * in_dynamic_dns(host)::integer + 0.6 * in_file_hosting(host)::integer + 0.6 * in_cheap_suffix(host)::integer
    + 0.5 * (not browser_agent("user_agent.original"))::integer + 0.5 * coalesce("url.extension" in ('php', 'asp', 'aspx', ''), true)::integer
    + 0.5 * ("file.size" < 3000000)::integer + 0.6 * regexp_matches(lower(path), '(invoice|hoa.?don|hop.?dong|payment|order|shipment|document|statement|report|scan|label|thanh.?toan)')::integer
    as oddity,
    is_address(host) as unnamed, in_dynamic_dns(host) as dynamic_name, in_file_hosting(host) as hosted, in_cheap_suffix(host) as cheap,
    not browser_agent("user_agent.original") as no_browser, coalesce("url.extension" in ('php', 'asp', 'aspx', ''), true) as made_by_script
  from document
)
select "source.ip" as machine, "destination.ip" as peer, case when is_address(host) then null else host end as domain, host,
       arg_max(path, oddity) as path, arg_max(kind, oddity) as kind, arg_max("file.size", oddity) as size, bool_or(unnamed) as unnamed, bool_or(dynamic_name) as dynamic_name,
       bool_or(hosted) as hosted, bool_or(cheap) as cheap, bool_or(no_browser) as no_browser, bool_or(made_by_script) as made_by_script,
       max(oddity) as headline, max(oddity) >= $strong as strong, evidence("event.id", "@timestamp") as events
from weighed
where oddity >= $oddity
  and not in_popular(host)
group by "source.ip", "destination.ip", host
