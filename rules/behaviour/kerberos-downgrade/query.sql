with request as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", lower("user.name") as account,
         regexp_matches("vonggac.kerberos.encryption.offered"::varchar, 'aes') as strong,
         -- systems that know no AES offer DES as well, and those that must not use it all kinds of RC4; tools offer the one they want
         not regexp_matches("vonggac.kerberos.encryption.offered"::varchar, 'aes|des|camellia')
           and (len("vonggac.kerberos.encryption.offered") between 1 and 2 or list_contains("vonggac.kerberos.encryption.offered", '0')) as weak_only,
         coalesce("vonggac.kerberos.reply_type", '') = 'AS' as given, coalesce("vonggac.kerberos.preauth.used", false) as proved,
         not regexp_matches(coalesce("vonggac.kerberos.preauth.types"::varchar, ''), 'PK|FX|FAST|ENC') as bare,
         coalesce("vonggac.kerberos.encryption.ticket", '') like 'aes%' as strong_domain
  from kerberos
  where "vonggac.kerberos.request_type" = 'AS' and "user.name" not like '%$'
), machine as (
  select "source.ip", "destination.ip", bool_or(strong) as strong, count(*) filter (weak_only) as weak, several(list(account) filter (weak_only)) as examples,
         count(distinct account) filter (weak_only and given and not proved and bare) as unproved,
         count(distinct account) filter (weak_only and not proved and bare) as asked,
         coalesce(bool_or(weak_only and strong_domain), false) as strong_domain,
         list({'at': epoch_us("@timestamp"), 'id': "event.id"}) filter (weak_only) as events
  from request group by all
)
select "source.ip" as machine, "destination.ip" as peer, weak, unproved, strong, examples, events, weak as headline,
       unproved > 0 as without_proof, unproved >= 2 or (unproved > 0 and strong_domain) as many
from machine
where unproved > 0 or asked >= $accounts or (strong and weak > 0)
