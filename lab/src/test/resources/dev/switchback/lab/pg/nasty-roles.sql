-- Roles of a cluster run by Zalando's operator: kept ones, then its own.
CREATE ROLE app_owner NOLOGIN;
CREATE ROLE "app user" LOGIN PASSWORD 'x';
CREATE ROLE "Reader;x" NOLOGIN;
CREATE ROLE reporting NOLOGIN;
