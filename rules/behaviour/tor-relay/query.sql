select "source.ip" as machine, min("destination.ip") as peer, count(distinct "destination.ip") as peers, min("tls.client.server_name") as name,
       coalesce(min("tls.server.x509.subject.common_name"), '–') as subject, evidence("event.id", "@timestamp") as events,
       count(distinct "destination.ip") as headline
from tls
where regexp_full_match("tls.client.server_name", 'www\.[a-z2-7]{8,25}\.(com|net|org)')
  and bigram_score(string_split("tls.client.server_name", '.')[2]) < -3.1           -- Tor draws 8 to 20 letters at random
  and ("tls.server.x509.subject.common_name" is null
       or regexp_full_match("tls.server.x509.subject.common_name", 'www\.[a-z2-7]{8,25}\.(com|net|org)')
          and "tls.server.x509.subject.common_name" <> "tls.client.server_name")
group by "source.ip"
