with message as (
  select "source.ip", "destination.ip", "event.id" as id, "@timestamp" as moment, "user.name" as account, "vonggac.ntlm.server.challenge" as challenge,
         "vonggac.ntlm.service" as service, regexp_extract("vonggac.ntlm.service", '^[^/]+/\[?([0-9.]+|[0-9a-fA-F:]+)\]?$', 1) as meant, "event.outcome" = 'success' as good,
         coalesce("network.protocol" = 'http', false) as web
  from ntlm
  where "user.name" <> ''
), twice as (                       -- the number that one server asked is the number that the relaying machine asks
  select onward."source.ip" as machine, onward."destination.ip" as peer, onward.account, onward.good, onward.service, 'challenge' as sign, onward.id as id, onward.moment as moment, caught.id as other_id, caught.moment as other_moment
  from message onward join message caught using (challenge)
  where onward."source.ip" = caught."destination.ip" and challenge <> '1122334455667788'
    and not (onward.web and caught.web)                        -- a reverse proxy passes on what it gets
    and epoch(caught.moment) - epoch(onward.moment) between -120 and 120
), meant_here as (                  -- the account meant to log in to the very machine that logs in with it
  select "source.ip", "destination.ip", account, good, service, 'service', id, moment, id, moment from message
  where meant = "source.ip" and "source.ip" <> "destination.ip"
), relay as (
  select * from twice union all select * from meant_here
)
select machine, peer, several(list(account)) as accounts, several(list(service)) as services, count(distinct id) as logins, bool_or(good) as entered,
       list_concat(evidence(id, moment), evidence(other_id, other_moment)) as events, count(distinct id) as headline
from relay
group by machine, peer
