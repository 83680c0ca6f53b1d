PRAGMA user_version = 2;
PRAGMA application_id = 0;
BEGIN TRANSACTION;
CREATE TABLE alarms (
    station INTEGER NOT NULL, id TEXT NOT NULL, name TEXT, level TEXT, device_sn TEXT,
    device_name TEXT, code TEXT, active INTEGER, happened INTEGER, recovered INTEGER,
    first_seen INTEGER, last_seen INTEGER,
    PRIMARY KEY (station, id)
) WITHOUT ROWID
;
INSERT INTO "alarms" VALUES(1,'c1550c34-1795288200','Isolation Failure','fault','DEMO5000DNS00001','Garage','E-G3-0-18',1,1795288200,NULL,1795289764,1795289825);
CREATE TABLE asked (
    station INTEGER NOT NULL, day TEXT NOT NULL, what TEXT NOT NULL, at INTEGER,
    PRIMARY KEY (station, day, what)
) WITHOUT ROWID
;
CREATE TABLE inverters (
    station INTEGER NOT NULL, number INTEGER NOT NULL, sn TEXT NOT NULL,
    PRIMARY KEY (station, number)
) WITHOUT ROWID
;
INSERT INTO "inverters" VALUES(1,0,'DEMO10KETU000001');
INSERT INTO "inverters" VALUES(1,1,'DEMO5000DNS00001');
CREATE TABLE notices (
    station INTEGER NOT NULL, at INTEGER NOT NULL, topic TEXT NOT NULL, level TEXT,
    title TEXT, text TEXT, silenced INTEGER, closed INTEGER,
    PRIMARY KEY (station, at, topic)
) WITHOUT ROWID
;
INSERT INTO "notices" VALUES(1,1795289825,'fault:DEMO5000DNS00001','urgent','Inverter Garage has a fault','Isolation Failure, since 11:10. Moisture in panels or cables is a common cause, then it clears when they dry. Do not touch panels or cables. If it comes back, call your installer.',0,NULL);
CREATE TABLE readings (
    station INTEGER NOT NULL, minute INTEGER NOT NULL, span INTEGER NOT NULL,
    grade INTEGER NOT NULL,
    pv INTEGER, load INTEGER, grid INTEGER, battery INTEGER, ev INTEGER, soc INTEGER,
    inverters BLOB, marks BLOB,
    PRIMARY KEY (station, minute)
) WITHOUT ROWID
;
INSERT INTO "readings" VALUES(1,29921496,1,96,4039,592,2447,-1000,NULL,630,X'00DF0B0000008001000000000080',NULL);
INSERT INTO "readings" VALUES(1,29921497,1,96,4030,575,2455,-1000,NULL,630,X'00DF0B0000008001000000000080',NULL);
CREATE TABLE state (
    station INTEGER NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (station, key)
) WITHOUT ROWID
;
INSERT INTO "state" VALUES(1,'#id','"c1550c34-f558-50b6-9704-28520082798d"');
INSERT INTO "state" VALUES(1,'#looked','1795289820');
INSERT INTO "state" VALUES(2,'#id','""');
INSERT INTO "state" VALUES(2,'alerts','{"version": 1, "adopting": false, "memories": [{"station": "", "known": true, "settled": true, "seen_at": "2026-11-21T19:37:05.672755+00:00", "measured_at": null, "awake_at": null, "rest_soc": null, "closed": [], "worked": true, "topics": []}, {"station": "c1550c34-f558-50b6-9704-28520082798d", "known": true, "settled": true, "seen_at": "2026-11-21T19:37:05.672755+00:00", "measured_at": "2026-11-21T19:37:00+00:00", "awake_at": "2026-11-21T19:37:05.672755+00:00", "rest_soc": null, "closed": [], "worked": false, "topics": [{"id": "fault:DEMO5000DNS00001", "rule": "device_fault", "since": "2026-11-21T19:10:00+00:00", "level": 3, "raised": true, "carried": false, "samples": 0, "held_s": 0.0, "bad_at": "2026-11-21T19:37:05.672755+00:00", "calm_samples": 0, "calm_since": null, "cleared_at": null, "flaps": 0, "keys": ["isolation failure"], "name": "Isolation Failure", "subject": "Garage", "device": "inverter", "detail": "", "alarm_id": "c1550c34-1795288200", "ids": ["c1550c34-1795288200", "code:E-G3-0-18"], "pause_s": 0.0}]}]}');
INSERT INTO "state" VALUES(2,'outbox','{"version": 1, "owed": [], "told": [["c1550c34-f558-50b6-9704-28520082798d", "fault:DEMO5000DNS00001"]]}');
INSERT INTO "state" VALUES(2,'silence','{"version": 1, "snoozed_until": null, "acknowledged": []}');
INSERT INTO "state" VALUES(2,'unseen','[["c1550c34-f558-50b6-9704-28520082798d", "fault:DEMO5000DNS00001", "Inverter Garage has a fault"]]');
CREATE TABLE stations (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT, timezone TEXT,
    capacity_kwp REAL, latitude REAL, longitude REAL,
    thinned_until INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "stations" VALUES(1,'c1550c34-f558-50b6-9704-28520082798d','Demo House','America/Los_Angeles',10.1,NULL,NULL,0);
INSERT INTO "stations" VALUES(2,'',NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE sums (
    station INTEGER NOT NULL, period INTEGER NOT NULL, key TEXT NOT NULL,
    source INTEGER NOT NULL,
    pv INTEGER, load INTEGER, import INTEGER, export INTEGER, charge INTEGER,
    discharge INTEGER, self_use INTEGER, income REAL, currency TEXT,
    PRIMARY KEY (station, period, key, source)
) WITHOUT ROWID
;
INSERT INTO "sums" VALUES(1,1,'2026-11-21',3,16510,7430,170,7150,4550,2460,7270,2.89,'EUR');
INSERT INTO "sums" VALUES(1,2,'2026-11',3,815980,330030,14110,486130,168410,154490,315960,145.09,'EUR');
INSERT INTO "sums" VALUES(1,3,'2026',3,17010430,5370080,97060,11558670,2236380,2057630,5273020,2800.63,'EUR');
INSERT INTO "sums" VALUES(1,4,'',3,22449570,NULL,190750,14984040,3196830,2945740,NULL,NULL,'EUR');
COMMIT;
