with answer as (
  select "vonggac.llmnr.responder_ip" as responder, "source.ip" as one, "destination.ip" as other, "event.id" as id, "@timestamp" as moment, "network.protocol" as protocol,
         regexp_extract(lower("dns.question.name"), '^[^.]+') as name
  from llmnr
  where "dns.type" = 'answer' and list_contains("dns.answers.data", "vonggac.llmnr.responder_ip"::varchar)
    and (("network.protocol" = 'llmnr' and "dns.question.type" in ('A', 'AAAA', 'ANY'))
         or ("network.protocol" = 'netbios-ns' and "vonggac.llmnr.role" in ('workstation', 'file-server')))
), own as (                          -- what machines call themselves
  select "source.ip" as ip, lower("vonggac.ntlm.host") as name from ntlm where "vonggac.ntlm.host" <> ''
  union select "destination.ip", lower("vonggac.ntlm.server.computer") from ntlm where "vonggac.ntlm.server.computer" <> ''
  union select "source.ip", lower("vonggac.kerberos.client_host") from kerberos where "vonggac.kerberos.client_host" <> ''
  union select "vonggac.llmnr.host_ip", lower("vonggac.llmnr.host_name") from llmnr where "vonggac.llmnr.host_name" <> ''
), wrong as (
  select answer.*, responder in (select ip from own where name <> '') as known, name in ('wpad', 'isatap', 'proxysrv', 'respproxysrv') as bait from answer
  where (responder, name) not in (select (ip, name) from own where ip is not null and name is not null)
), host as (
  select responder, list_distinct(list(name)) as names, bool_or(bait) as bait, bool_or(known) as known, list_distinct(list(protocol)) as protocols,
         mode(case when one = responder then other else one end) as asker, evidence(id, moment) as events
  from wrong group by responder
), caught as (                       -- servers of tools always ask with the same number
  select "destination.ip" as catcher, count(*) as logins, evidence("event.id", "@timestamp") as events
  from ntlm where "vonggac.ntlm.server.challenge" in ('1122334455667788', '8877665544332211') group by all
)
select coalesce(responder, catcher) as machine, asker as peer, coalesce(len(names), 0) as names, coalesce(several(names), '') as examples,
       coalesce(array_to_string(protocols, ', '), '') as protocols, coalesce(logins, 0) as logins, list_concat(coalesce(host.events, []), coalesce(caught.events, [])) as events,
       coalesce(len(names), 0) as headline, coalesce(bait, false) as bait, coalesce(logins, 0) > 0 or coalesce(len(names), 0) >= 4 as many
from host full join caught on responder = catcher
where len(names) >= $names or (known and len(names) >= $names - 1) or bait or logins > 0
