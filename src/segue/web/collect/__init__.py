"""The collector: a bare application (RSGI) that takes events from analytics libraries and from our own pages.

`POST /v1/{batch,import,track,identify,page,screen,group,alias}`, the same by one letter (`/v1/t` …), and
`/beacon/v1/batch` take JSON, gzipped or not, whatever the Content-Type says. `POST /v1/m` is taken and thrown
away. `GET /v1/projects/<key>/settings` and `GET /sourceConfig/` tell browser libraries how to begin. The
write key is the user of Basic authentication, else `writeKey` in the body, else `?writeKey=`.

What is answered (each but 200 with `code`, `message`, `field` and `remedy` as JSON):

| status | code | when |
|---|---|---|
| 200 | | `{"success":true}`: every event is committed, was heard before, or is among the rejected |
| 400 | `not_json` | the body is no JSON, or has a number or text JSON cannot hold |
| 400 | `not_utf8` | the body is not UTF-8 |
| 400 | `bad_gzip` | gzip that cannot be read |
| 400 | `too_deep` | objects and lists nested too deeply |
| 400 | `not_an_object`, `no_batch` | no object; no list `batch` where one is due |
| 400 | codes of one event, below | the event of a single-event path was refused |
| 401 | `no_key`, `wrong_key`, `expired_key` | no write key; unknown; rotated out |
| 403 | `retired_source`, `wrong_origin` | the source is retired; does not hear this origin |
| 404, 405 | `no_such_path`, `wrong_method` | |
| 408 | `too_slow` | the body took more than ten seconds |
| 413 | `too_large`, `too_many_events` | 500 kB a request, inflated; 32 kB an event; 2,500 events a batch |
| 429 | `too_many`, `buffer_full` | more events a second than the source may send; more waiting than we hold |
| 503 | `ledger_away` | the database did not take it within seconds; send it again |

429 and 503 carry Retry-After in whole seconds. A refused event beside good ones does no harm: the answer is
200 and the event is found, with the same code, among the rejected (`segue events rejected`).
"""
