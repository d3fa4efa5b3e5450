with try as (
  select "source.ip", "destination.ip", "destination.port", "event.id", "@timestamp", lower("user.name") as account, "network.protocol" as protocol,
         "event.outcome" = 'failure' as failed, "event.outcome" = 'success' as good, case when "event.outcome" = 'failure' then "vonggac.login.secret" end as secret,
         sum(("event.outcome" = 'failure')::integer) over (partition by "source.ip", "destination.ip" order by epoch("@timestamp")
           range between 300 preceding and current row) as dense
  from login
  where coalesce("user.name", '') not like '%$' and "event.outcome" in ('failure', 'success')
), pair as (
  select "source.ip", "destination.ip", any_value("destination.port") as port, any_value(protocol) as protocol, sum(failed::integer)::bigint as failures,
         sum(good::integer)::bigint as successes, count(distinct account) as accounts, count(distinct secret) as secrets, several(list(account)) as examples,
         max(dense)::bigint as dense, coalesce(bool_or(good and dense >= $failures), false) as guessed, evidence("event.id", "@timestamp") as events
  from try group by "source.ip", "destination.ip"
)
select "source.ip" as machine, "destination.ip" as peer, port, protocol, failures, successes, accounts, secrets, dense, coalesce(examples, '') as examples, guessed,
       dense >= 3 * $failures or secrets >= 3 * $secrets as many, events, failures as headline
from pair
where (dense >= $failures or secrets >= $secrets)               -- one wrong stored password is the same each time, and waits
  and failures >= $failing * (failures + successes)
