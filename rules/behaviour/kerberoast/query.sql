with request as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", lower("vonggac.kerberos.service.name") as service,
         coalesce("vonggac.kerberos.encryption.ticket", '') like 'rc4%' or coalesce("vonggac.kerberos.encryption.ticket", '') like 'des%' as weak,
         coalesce("vonggac.kerberos.reply_type", '') = 'TGS' as given,
         len("vonggac.kerberos.encryption.offered") > 0 and not regexp_matches("vonggac.kerberos.encryption.offered"::varchar, 'aes') as asks_weak,
         -- weak first although it could do better: no system sends that order
         regexp_matches("vonggac.kerberos.encryption.offered"::varchar, '^\[''?rc4-hmac.*aes') as weak_first,
         coalesce("vonggac.kerberos.encryption.presented", '') like 'aes%' as strong_ticket,
         coalesce("vonggac.kerberos.delegation", '') as delegation, coalesce("vonggac.kerberos.options"::varchar, '') as options
  from kerberos
  where "vonggac.kerberos.request_type" = 'TGS'
), wanted as (                      -- services that run under an account of a person's kind; machines have passwords of 120 characters
  select *, service not like '%/%' or service like '%\%' as by_account,
         -- where AES is not known every ticket is weak: a mail program asks for several services of one server
         count(distinct case when strong_ticket then service else regexp_extract(service, '/([^/:@]+)', 1) end) over (partition by "source.ip" order by epoch("@timestamp") range between 600 preceding and current row) as dense
  from request
  where service <> '' and service not like 'krbtgt%' and not regexp_matches(service, '\$(@|$)') and delegation = '' and options not like '%enc-tkt-in-skey%'
    and given and weak
    and not regexp_matches(service, '^(host|cifs|ldap|dns|gc|rpcss|restrictedkrbhost|termsrv|wsman|kadmin|changepw|nfs|smtpsvc|exchange[a-z]+|e3514235[^/]*)/')
), machine as (
  select "source.ip", mode("destination.ip") as controller, count(distinct service) as services, several(list(service)) as examples, max(dense) as dense,
         count(distinct service) filter (strong_ticket and (asks_weak or weak_first)) as asked_weak,
         count(distinct service) filter (by_account) as by_account, evidence("event.id", "@timestamp") as events
  from wanted group by "source.ip"
)
select "source.ip" as machine, controller as peer, services, asked_weak, by_account, examples, events, services as headline,
       services >= 10 or by_account >= 2 or asked_weak >= 3 as many
from machine
where dense >= $services or asked_weak > 0 or by_account > 0
