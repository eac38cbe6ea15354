-- A journal of format 1, with one point that is not delivered.
pragma application_id = 1634561130;
pragma user_version = 1;
create table meta(key text primary key, value) without rowid;
create table targets(id integer primary key, uri text unique not null, limits text);
create table runs(
    id integer primary key, run_id text unique not null, target integer not null,
    store_run_id text, opened integer not null default 0, ended integer not null default 0,
    delivered integer not null default 0, sent integer not null default 0,
    uploaded integer not null default 0, refused text);
create table series(
    id integer primary key, run integer not null, kind integer not null, name text not null,
    extra text not null, unique(run, kind, name, extra));
create table entries(
    id integer primary key, series integer not null, step integer not null,
    time integer not null, value, "check" integer not null);
create table quarantine(entry integer primary key, reason text not null);
insert into targets values (1, 'http://127.0.0.1:5000', null);
insert into runs values (1, 'a', 1, 'a', 0, 0, 0, 0, 0, null);
insert into series values (1, 1, 0, 'loss', '');
insert into entries values (1, 1, 3, 1700000000000, 0.25, 1801905000);
