"""What a Python program does. Arguments: module (pymysql or MySQLdb), port, file to load, tls or plain."""
import datetime
import decimal
import importlib
import sys
import warnings
import zlib

warnings.simplefilter("ignore")
module, port, file, tls = sys.argv[1:5]
db = importlib.import_module(module)
cursors = importlib.import_module(module + ".cursors")


def connect(**more):
    options = dict(host="127.0.0.1", port=int(port), user="app", password="apppw", database="d",
                   charset="utf8mb4", local_infile=True)
    if tls == "tls":
        options["ssl"] = {"check_hostname": False} if module == "pymysql" else {"cipher": "HIGH"}
    options.update(more)
    return db.connect(**options)


def show(what, *values):
    text = repr(values)
    print(what, text if len(text) < 400 else (text[:200], len(text), zlib.crc32(text.encode())))


def run(cursor, sql, arguments=None):
    try:
        count = cursor.execute(sql, arguments)
        show(sql[:60], count, cursor.lastrowid, cursor.description, cursor.fetchall())
    except db.Error as e:
        show(sql[:60], type(e).__name__, e.args)


connection = connect()
show("server", connection.get_server_info())
cursor = connection.cursor()
run(cursor, "DROP TABLE IF EXISTS py, loaded")
run(cursor, "CREATE TABLE py (id INT AUTO_INCREMENT PRIMARY KEY, n DECIMAL(10,2), t LONGTEXT, b BLOB, d DATETIME(6))")
run(cursor, "CREATE TABLE loaded (a INT PRIMARY KEY, b VARCHAR(20))")
run(cursor, "INSERT INTO py (n, t, b, d) VALUES (%s, %s, %s, %s)",
    (decimal.Decimal("1.50"), "grüße 🐬 '\\", b"\x00\xff", datetime.datetime(2024, 2, 29, 1, 2, 3, 4)))
show("many", cursor.executemany("INSERT INTO py (n, t) VALUES (%s, %s)", [(i, "v%d" % i) for i in range(500)]))
connection.commit()
run(cursor, "SELECT * FROM py WHERE id < 4")
run(cursor, "SELECT COUNT(*), SUM(n), SUM(CRC32(t)) FROM py")
run(cursor, "SELECT nothing FROM py")
run(cursor, "INSERT INTO py (id) VALUES (1)")
run(cursor, "DELETE FROM py")
connection.rollback()
run(cursor, "SELECT COUNT(*) FROM py")
run(cursor, "SELECT REPEAT('x', 17000000)")
run(cursor, "SELECT LENGTH(%s)", ("y" * 17000000,))
run(cursor, "LOAD DATA LOCAL INFILE '%s' INTO TABLE loaded" % file)
run(cursor, "SELECT COUNT(*), SUM(a) FROM loaded")

stream = connection.cursor(cursors.SSCursor)
stream.execute("SELECT n, REPEAT(n, n) FROM (WITH RECURSIVE s AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM s"
               " WHERE n < 900) SELECT n FROM s) x")
show("stream", zlib.crc32(repr(stream.fetchall()).encode()))
stream.close()
words = connection.cursor(cursors.DictCursor)
run(words, "SELECT id, t FROM py WHERE id = 1")
connection.select_db("mysql")
run(cursor, "SELECT DATABASE()")
connection.ping()
connection.autocommit(True)
run(cursor, "SELECT @@autocommit")
connection.close()

MULTI_STATEMENTS, MULTI_RESULTS = 1 << 16, 1 << 17
connection = connect(client_flag=MULTI_STATEMENTS | MULTI_RESULTS)
cursor = connection.cursor()
cursor.execute("SELECT 1; SET @a = 2; SELECT @a, 3")
show("several", cursor.fetchall())
while cursor.nextset():
    show("one of them", cursor.fetchall())
connection.close()
try:
    connect(password="wrong")
except db.Error as e:
    show("wrong password", e.args[0])
print(module, "is done")
