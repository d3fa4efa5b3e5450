with carrier as (
  select "event.id" as id, "http.request.referrer" is null as no_page,
         lower(array_to_string("vonggac.http.request.header_names", ' ')) as names
  from http
), program as (
  select "source.ip", "destination.ip", "destination.port", file."event.id", "@timestamp", coalesce(no_page, false) as no_page,
         coalesce(names, 'accept-language') as names, coalesce("file.name", "url.path", '') as file_name, "vonggac.file.kind" as kind, "file.size" as size,
         coalesce("url.domain", "destination.ip") as host, coalesce("url.path", '') as path, "user_agent.original" as agent,
         lower(coalesce("vonggac.file.declared_type", '')) as declared,
         coalesce("file.extension", "url.extension", '') as extension, coalesce("url.extension", '') as page,
         "network.protocol" as protocol
  from file left join carrier on carrier.id = "vonggac.file.carrier"
  where "vonggac.file.direction" = 'download'
    and ("vonggac.file.kind" in ('pe', 'elf', 'macho', 'script', 'hta', 'lnk', 'java')
         or "vonggac.file.kind" in ('text', 'data') and "url.extension" in ('ps1', 'vbs', 'vbe', 'wsf', 'sct', 'bat'))
    and "file.size" >= $smallest
    and coalesce("network.protocol", 'http') = 'http'
), odd as (
  select *,
    kind in ('pe', 'elf', 'macho') and (extension in ('txt', 'jpg', 'jpeg', 'png', 'gif', 'bmp', 'ico', 'htm', 'html', 'css', 'js', 'pdf', 'doc', 'docx', 'xls',
      'dat', 'log', 'mp3', 'mp4', 'xml', 'json', 'tmp', 'zip', 'rar', '7z', 'woff', 'ttf', 'php', 'asp', 'aspx', 'jsp', 'cgi')
      or declared like 'image/%' or declared like 'text/%' or declared like 'audio/%' or declared like 'video/%' or declared like '%pdf%'
      or declared like '%msword%') as disguised,
    is_address(host) as unnamed,
    tool_agent(agent) as tool,
    agent is null or agent = '' as silent,
    agent is not null and agent <> '' and not tool_agent(agent) and not browser_agent(agent) as unknown_program,
    in_dynamic_dns(host) as dynamic_name,
    in_file_hosting(host) as hosted,
    in_cheap_suffix(host) as cheap,
    "destination.port" not in (80, 443, 8080, 8000, 3128) as odd_port,
    page in ('php', 'asp', 'aspx', 'jsp', 'cgi') or page = '' and kind in ('pe', 'elf') as made_by_script,
    kind in ('hta', 'lnk') as never_on_pages,
    browser_agent(agent) and names not like '%accept-language%' and names not like '%range%' as forged,
    kind = 'pe' and regexp_matches(file_name, '(?i)(chrome|font|flash|player|update|invoice|document|scan|hoa.?don|setup).*\.(exe|scr|com|pif)$') as lure,
    kind in ('pe', 'elf') and count(distinct host) filter (where kind in ('pe', 'elf')) over (partition by "source.ip") >= 3 as many_sources,
    page in ('ps1', 'vbs', 'vbe', 'wsf', 'sct', 'bat') as script_name
  from program
), weighed as (
  select *, 1.5 * disguised::integer + 1.5 * unnamed::integer + 1.2 * tool::integer + 1.2 * silent::integer + 0.5 * unknown_program::integer
    + 1.5 * dynamic_name::integer + 0.7 * hosted::integer + 0.7 * cheap::integer + 0.7 * odd_port::integer + 0.7 * made_by_script::integer
    + 2.0 * never_on_pages::integer + 1.2 * forged::integer + 0.7 * lure::integer + 1.2 * many_sources::integer + 1.0 * script_name::integer
    + 0.3 * no_page::integer + case kind when 'pe' then 0.6 when 'elf' then 0.8 when 'script' then -0.3 else 0 end as oddity,
    case when is_address(host) then null else host end as domain
  from odd
)
select "source.ip" as machine, "destination.ip" as peer, domain, arg_max(kind, oddity) as kind, arg_max(size, oddity) as size, arg_max(host, oddity) as host,
       arg_max(path, oddity) as path, max(oddity) as headline, max(oddity) >= $strong as strong, max(oddity) >= ($oddity + $strong) / 2 as plain,
       bool_or(kind in ('pe', 'elf') and (silent or forged or tool or unnamed) and (declared like 'image/%' or declared like 'audio/%' or declared like 'video/%'
         or extension in ('jpg', 'jpeg', 'png', 'gif', 'bmp', 'ico', 'pdf', 'doc', 'docx', 'xls', 'xlsx', 'mp3', 'mp4', 'css', 'woff', 'ttf'))) as masked, any_value(agent) as agent,
       bool_or(disguised) as disguised, bool_or(unnamed) as unnamed, bool_or(tool) as tool, bool_or(silent) as silent,
       bool_or(unknown_program) as unknown_program, bool_or(dynamic_name) as dynamic_name, bool_or(hosted) as hosted, bool_or(cheap) as cheap,
       bool_or(forged) as forged, bool_or(lure) as lure, bool_or(many_sources) as many_sources, bool_or(script_name) as script_name,
       bool_or(no_page) as no_page, bool_or(odd_port) as odd_port, bool_or(made_by_script) as made_by_script, bool_or(never_on_pages) as never_on_pages,
       evidence("event.id", "@timestamp") as events
from weighed
where oddity >= $oddity
group by "source.ip", "destination.ip", domain
