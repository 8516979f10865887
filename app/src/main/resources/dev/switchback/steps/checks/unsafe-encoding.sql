-- SQL_ASCII lets any bytes in.
SELECT datname, 'has encoding SQL_ASCII: its texts were never checked and may be in several encodings'
  FROM pg_catalog.pg_database
 WHERE datname = current_database() AND pg_catalog.pg_encoding_to_char(encoding) = 'SQL_ASCII'
