with question as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", "dns.question.type" as kind, "dns.question.name" as name,
         -- dnscat2 and others speak straight to their server below a word that is no domain: then the word is the domain
         case when not regexp_matches("dns.question.name", '\.[a-z]{2,18}$') then regexp_extract("dns.question.name", '^([a-z]+)\.', 1) || '.*'
              else "dns.question.registered_domain" end as domain,
         length("dns.question.name") - coalesce(length("dns.question.registered_domain"), 0) as below,
         text_entropy(string_split("dns.question.name", '.')[1]) as entropy
  from dns
  where coalesce("destination.port", 53) not in (137, 5353, 5355)
    and "dns.question.name" is not null
    and "dns.question.name" not like '%.arpa' and "dns.question.name" not like '%.local'
), tunnel as (
  select "source.ip", domain, min("destination.ip") as peer, count(distinct name) as names, count(*) as questions,
         avg(below) as characters, sum(below) as carried, avg(entropy) as entropy, several(list(kind)) as types,
         avg((kind in ('NULL', 'TXT', 'CNAME', 'MX', 'KEY', 'SRV', 'PRIVATE') or kind like 'TYPE%')::integer) as strange,
         -- iodine and its like use types without any other use; dnscat2 and its like draw the type of each question by lot
         avg((kind in ('NULL', 'PRIVATE', 'KEY') or kind like 'TYPE655%')::integer) >= 0.5
           or least(avg((kind = 'TXT')::integer), avg((kind = 'MX')::integer), avg((kind = 'CNAME')::integer)) >= 0.1 as unheard,
         -- dnscat2, as its author describes its protocol: a packet's number by chance, its kind, and the number of the session, all in hexadecimal
         avg(regexp_matches(name, '(?i)^[0-9a-f]{4}(00|01|02|ff)[0-9a-f]{8}')::integer) >= 0.9
           and count(distinct name[1:4]) >= 0.8 * count(distinct name) and count(distinct name[7:10]) <= 2 as dnscat,
         evidence("event.id", "@timestamp") as events
  from question where domain is not null and length(domain) > 0
  group by all
)
select "source.ip" as machine, peer, domain, names, characters, carried, types, events, names as headline,
       carried >= 2500 as carrying, names >= 50 as many, strange >= 0.5 as strange_types, unheard and names >= 40 or dnscat and names >= 6 as tool,
       count(*) over (partition by "source.ip") >= 2 and strange < 0.5 as several_domains
from tunnel
where (names >= $names or (strange >= 0.8 and names >= 0.4 * $names))
  and names >= $fresh * questions
  and (characters >= $characters or (strange >= 0.8 and characters >= 8) or (names >= 3 * $names and characters >= 9))
  and entropy >= 2.5                                -- word-like host names of content networks lie below
