<?php
// What a PHP program does, with mysqlnd. Arguments: port, file to load, flags of mysqli_real_connect.
mysqli_report(MYSQLI_REPORT_OFF);
[, $port, $file, $flags] = $argv;

function show($what, $value) {
  $text = json_encode($value, JSON_PARTIAL_OUTPUT_ON_ERROR);
  echo $what, ': ', strlen($text) < 600 ? $text : substr($text, 0, 300) . strlen($text) . '-' . crc32($text), "\n";
}
function failed($db) { show('error', [$db->errno, $db->sqlstate, $db->error]); }
function run($db, $sql, $mode = MYSQLI_STORE_RESULT) {
  $result = $db->query($sql, $mode);
  if ($result === false) { failed($db); return; }
  if ($result === true) {
    show(substr($sql, 0, 60), [$db->affected_rows, $db->insert_id, $db->warning_count, $db->info]);
    return;
  }
  $fields = array_map(fn($f) => [$f->name, $f->table, $f->type, $f->flags, $f->length, $f->decimals],
      $result->fetch_fields());
  $rows = $result->fetch_all(MYSQLI_NUM);
  show(substr($sql, 0, 60), [$fields, count($rows), crc32(json_encode($rows)), array_slice($rows, 0, 5)]);
  $result->free();
}

$db = mysqli_init();
$db->options(MYSQLI_OPT_LOCAL_INFILE, 1);
if (!$db->real_connect('127.0.0.1', 'app', 'apppw', 'd', (int) $port, null, (int) $flags)) {
  show('not connected', [mysqli_connect_errno(), mysqli_connect_error()]);
  exit(1);
}
show('server', [$db->server_info, $db->server_version, $db->protocol_version, $db->character_set_name()]);
run($db, 'DROP TABLE IF EXISTS php, loaded');
run($db, 'CREATE TABLE php (id INT AUTO_INCREMENT PRIMARY KEY, n DECIMAL(10,2), t LONGTEXT, b LONGBLOB, d DATETIME(6))');
run($db, 'CREATE TABLE loaded (a INT PRIMARY KEY, b VARCHAR(20))');
run($db, "INSERT INTO php (n, t, b, d) VALUES (1.5, 'grüße', X'00FF', '2024-02-29 01:02:03.4'), (NULL, NULL, NULL, NULL)");
run($db, 'SELECT * FROM php');
run($db, 'SELECT nothing FROM php');

$insert = $db->prepare('INSERT INTO php (n, t, b, d) VALUES (?, ?, ?, ?)');
$n = 2.25; $t = 'text'; $b = null; $d = '2024-01-01';
$insert->bind_param('dsbs', $n, $t, $b, $d);
foreach (range(0, 4) as $part) { $insert->send_long_data(2, str_repeat(chr($part), 30000)); }
show('long data', [$insert->execute(), $insert->error, $insert->affected_rows, $insert->insert_id]);
$select = $db->prepare('SELECT id, n, t, CRC32(b), d FROM php WHERE id > ? ORDER BY id');
$from = 0;
$select->bind_param('i', $from);
foreach ([0, 2, 99] as $from) {
  $select->execute();
  show('prepared', $select->get_result()->fetch_all(MYSQLI_ASSOC));
}
$select->attr_set(MYSQLI_STMT_ATTR_CURSOR_TYPE, MYSQLI_CURSOR_TYPE_READ_ONLY);
$from = 0;
$select->execute();
$select->bind_result($id, $n2, $t2, $crc, $d2);
while ($select->fetch()) { show('cursor', [$id, $n2, $t2, $crc, $d2]); }
$select->close();
show('cannot be prepared', [$db->prepare('SELEC ?'), $db->errno]);

run($db, 'SELECT n, REPEAT(n, n) FROM (WITH RECURSIVE s AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM s WHERE n < 900) SELECT n FROM s) x', MYSQLI_USE_RESULT);
run($db, "SELECT REPEAT('x', 17000000)");
$db->begin_transaction();
run($db, 'DELETE FROM php');
$db->rollback();
run($db, 'SELECT COUNT(*) FROM php');
show('several', $db->multi_query('SELECT 1; SET @a = 2; SELECT @a, 3; SELECT * FROM nowhere; SELECT 4'));
do {
  $result = $db->store_result();
  show('one of them', $result ? $result->fetch_all() : [$db->affected_rows, $db->errno, $db->error]);
} while ($db->more_results() && $db->next_result());
show('the last', [$db->errno, $db->error]);
run($db, "LOAD DATA LOCAL INFILE '$file' INTO TABLE loaded");
run($db, 'SELECT COUNT(*), SUM(a) FROM loaded');
run($db, "LOAD DATA LOCAL INFILE '$file.missing' INTO TABLE loaded");
show('ping', $db->query('DO 1'));
show('character set', [$db->set_charset('latin1'), $db->character_set_name()]);
run($db, "SELECT HEX('\xe9'), CHARSET('x')");
run($db, 'SET @kept = 1');
show('change of user', $db->change_user('app', 'apppw', 'mysql'));
run($db, 'SELECT @kept, DATABASE()');
show('wrong change', @$db->change_user('app', 'wrong', 'd'));
$db->close();
echo "php is done\n";
