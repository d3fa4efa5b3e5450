with session as (
  select "source.ip", "destination.ip", "vonggac.flow.id", evidence("event.id", "@timestamp") as events, min("user.name") as account,
         list("vonggac.ftp.argument") filter ("vonggac.ftp.command" in ('STOR', 'STOU', 'APPE') and "event.outcome" = 'success') as sent,
         -- a person, or a program that publishes or mirrors, looks first at what is there
         count(*) filter ("vonggac.ftp.command" in ('LIST', 'NLST', 'MLSD', 'MLST', 'SIZE', 'MDTM', 'RETR', 'DELE')) as looked
  from ftp
  where goes_out("vonggac.destination.home", "source.ip", "destination.ip")
  group by all
), pair as (
  select "source.ip", "destination.ip", count(*) as sessions, flatten(list(events)) as events, flatten(list(sent)) as sent, min(account) as account
  from session
  where looked = 0
    and len(sent) between 1 and 20
    and coalesce(lower(account), '') not in ('', 'anonymous', 'ftp')
  group by all
), judged as (
  select *, list_bool_or(list_transform(sent, lambda name: regexp_matches(name,
           '(?i)(^|[/_ -])(pw|kl|sc|co|cr|cc|keys?|keylogs?|keystrokes?|passwords?|cookies|clipboard|screen(shot)?s?|recovered|credentials|wallets?)[_ -]'))) as told,
         list_bool_and(list_transform(sent, lambda name: regexp_matches(name, '(19|20)\d\d[-_.]?\d\d[-_.]?\d\d[-_ T]*\d\d[-_.]?\d\d'))) as timed,
         sessions >= $sessions and len(sent) <= 2 * sessions as repeated,
         list_bool_or(list_transform(sent, lambda name: regexp_matches(name, '(?i)backup|sao ?luu|\.(bak|sql|tar|gz|tgz|dump|xml|csv|pdf)$'))) as kept
  from pair
)
select "source.ip" as machine, "destination.ip" as peer, sessions, len(sent) as files, several(sent) as examples, account, events, told, timed, repeated,
       len(sent) as headline, told and timed as sure
from judged
where (told or timed or repeated)
  and (told or not kept)                                 -- copies and exchanges of data between offices
