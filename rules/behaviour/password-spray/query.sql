with try as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", lower("user.name") as account, "network.protocol" as protocol,
         "event.outcome" = 'failure' as failed, "event.outcome" = 'success' as good,
         -- the account exists, or the service does not tell
         not regexp_matches(coalesce("vonggac.login.reason", ''), '(?i)PRINCIPAL_UNKNOWN|NO_SUCH_USER|data 525') as refused
  from login
  where "user.name" <> '' and "user.name" not like '%$' and "event.outcome" in ('failure', 'success')
), account as (
  select "source.ip", account, sum(failed::integer) as failures, bool_or(good) as good, bool_or(failed and refused) as refused,
         list({'at': epoch_us("@timestamp"), 'id': "event.id"}) filter (failed) as events, list(distinct protocol) as protocols, list(distinct "destination.ip") as targets
  from try group by all
)
select "source.ip" as machine, case when count(distinct targets) = 1 and any_value(len(targets)) = 1 then any_value(targets[1]) end as peer,
       count(*) filter (failures > 0) as accounts, sum(failures)::bigint as failures, array_to_string(list_distinct(flatten(list(protocols))), ', ') as protocols,
       several(list(account) filter (failures > 0)) as examples, coalesce(bool_or(good), false) as entered,
       flatten(list(events) filter (failures > 0)) as events, count(*) filter (failures > 0) as headline, count(*) filter (failures > 0) >= 15 as many
from account
group by "source.ip"
having count(*) filter (failures > 0) >= $accounts
   and count(*) filter (refused) >= 2                                       -- names alone are tried by another rule
   and sum(failures) <= $tries * count(*) filter (failures > 0)             -- few tries an account: it must not be locked
   and count(*) filter (failures > 0) >= $failing * count(*)                -- a server that many people use succeeds for most
