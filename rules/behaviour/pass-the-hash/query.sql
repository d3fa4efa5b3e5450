with request as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", "user.name" as account, coalesce("vonggac.kerberos.client_host", '') as host,
         "vonggac.kerberos.encryption.offered"::varchar as offered, len("vonggac.kerberos.encryption.offered") as kinds,
         list_contains("vonggac.kerberos.encryption.offered", '0') as blanked,
         coalesce("vonggac.kerberos.encryption.proof", '') = 'rc4-hmac' as by_hash, coalesce("vonggac.kerberos.encryption.ticket", '') like 'aes%' as strong_domain
  from kerberos
  where "vonggac.kerberos.request_type" = 'AS' and coalesce("vonggac.kerberos.preauth.used", false) and "event.outcome" = 'success'
)
select "source.ip" as machine, "destination.ip" as peer, several(list(account)) as examples, count(*) as requests, bool_or(blanked) as blanked,
       any_value(offered) as offered, evidence("event.id", "@timestamp") as events, count(*) as headline
from request
where by_hash
  and not regexp_matches(offered, 'aes|des|camellia')      -- systems that know no AES offer DES as well
  and (blanked or (strong_domain and kinds <= $kinds))     -- Windows lists all its ways; tools the one they have a key for
group by "source.ip", "destination.ip"
