with session as (
  select *, coalesce("vonggac.irc.nick", '') as nick, coalesce("vonggac.irc.topic", '') as topic from irc
  where goes_out("vonggac.destination.home", "source.ip", "destination.ip")
), pair as (
  select "source.ip", "destination.ip", "destination.port", max(nick) as nick, max(topic) as topic, several(flatten(list("vonggac.irc.channels"))) as channels,
         evidence("event.id", "@timestamp") as events,
         bool_or(regexp_matches(nick, '\d{4,}$|^[a-z]{8,}\d{3,}$')) as made_name,
         bool_or(regexp_matches(nick, '(?i)[\[{|(][^\]})]{1,12}[\]})|]|^(usa|gbr|deu|bra|xp|w7|win|new|bot|srv|linux)[|\[\]_-].*\d')) as marked_name,
         bool_or(regexp_matches(topic, '^ *[.!@%$*][a-z][a-z0-9.]{2,15}( |$)')) as ordered,
         sum(coalesce("vonggac.irc.sent", 0)) = 0 and sum(coalesce("vonggac.irc.joins", 0)) > 0 as silent
  from session group by all
), judged as (
  select *, "destination.port" not in (194, 6660, 6661, 6662, 6663, 6664, 6665, 6666, 6667, 6668, 6669, 6697, 7000) as odd_port from pair
), weighed as (
  select *, 1.0 * made_name::integer + 1.2 * marked_name::integer + 2.0 * ordered::integer + 0.5 * silent::integer + 0.8 * odd_port::integer as oddity
  from judged
)
select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, nick, topic, coalesce(channels, '–') as channels, events,
       oddity as headline, oddity >= $strong as strong, made_name, marked_name, ordered, odd_port, silent,
       -- an order of bots, to something that was named by a program or only listens
       (made_name or marked_name or silent) and regexp_matches(topic, '(?i)^ *[.!@%$*](adv|asc|\w{0,4}scan|download|dl|update|upd|wget|http|\w{0,3}ddos|udp|syn|tcp|icmp|\w{0,5}flood|spread|visit|open|exec|execute|down|login)[a-z.]*( |$)') as sure
from weighed
where oddity >= $oddity
