-- trap: quoted names with spaces, dots, quotes, unicode, 63 bytes and reserved words
-- why: a name that is not quoted everywhere is another name
CREATE SCHEMA "t Names.with ""all""";
CREATE TABLE "t Names.with ""all"""."select" ("from" int PRIMARY KEY, "a.b" text, "Ünïcødé" text, "x'y" text, "tab	in" int, "%s" text, "back\slash" text);
INSERT INTO "t Names.with ""all"""."select" VALUES (1, 'a', 'ü', 'q', 2, 'p', 'b');
CREATE TABLE "t Names.with ""all"""."a23456789012345678901234567890123456789012345678901234567890123" (id serial PRIMARY KEY, "a2345678901234567890123456789012345678901234567890123456789_id" int);
INSERT INTO "t Names.with ""all"""."a23456789012345678901234567890123456789012345678901234567890123" ("a2345678901234567890123456789012345678901234567890123456789_id") VALUES (1), (2);
CREATE INDEX "index; DROP TABLE x; --" ON "t Names.with ""all"""."select" ("a.b");
CREATE TABLE "t Names.with ""all"""."日本" ("user" text, "$1" int);
INSERT INTO "t Names.with ""all"""."日本" VALUES ('u', 1);
-- same: SELECT * FROM "t Names.with ""all"""."select"
-- same: SELECT count(*), max(id) FROM "t Names.with ""all"""."a23456789012345678901234567890123456789012345678901234567890123"
-- same: SELECT * FROM "t Names.with ""all"""."日本"
