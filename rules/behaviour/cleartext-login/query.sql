select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, count(*) as logins, several(list("network.protocol")) as services,
       several(list("user.name")) as accounts, evidence("event.id", "@timestamp") as events, count(*) as headline
from login
where not "vonggac.login.encrypted"
  and "vonggac.login.secret" like 'k:%'                   -- a password, not an empty or public one
  and coalesce("event.outcome", 'unknown') <> 'failure'
  and coalesce("network.protocol", '') <> 'http'          -- web pages have their own rule
group by "source.ip", "destination.ip", "destination.port"
