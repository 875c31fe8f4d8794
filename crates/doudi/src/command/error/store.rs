//! Faults of the surroundings: disk, keys, lock, clock, broker.

use super::{Page, page};

pub(super) const PAGES: &[Page] = &[
    page(
        "store/locked",
        (
            "数据目录正由另一个 doudi 使用，多半是在运行的服务。",
            "不停它：在工作台办理，事件发往 POST /v1/events。要用命令行：先停掉那个进程，或用 --data 指定另一个目录。",
        ),
        (
            "Another doudi uses the data directory, most likely a running service.",
            "Work at its desk and send events to POST /v1/events; or stop it; or name another directory with --data.",
        ),
        "doudi serve &\ndoudi case list",
    ),
    page(
        "store/disk-full",
        ("磁盘满了，没有写入；此前已确认的完好。", "腾出空间后重发。"),
        (
            "The disk is full and nothing was written; what was acknowledged before is intact.",
            "Make room and send again.",
        ),
        "No space left on device",
    ),
    page(
        "store/permission",
        ("没有权限读写数据目录。", "改正属主和权限，应属于运行 doudi 的用户。"),
        ("Not allowed to read or write the data directory.", "It must belong to the user that runs doudi."),
        "sudo doudi serve; doudi serve",
    ),
    page(
        "store/io",
        ("读写失败。", "检查磁盘与挂载；已确认的数据仍在日志中。"),
        ("Reading or writing failed.", "Check disk and mount; what was acknowledged is in the journal."),
        "Input/output error",
    ),
    page(
        "store/corrupt",
        ("日志文件中间损坏。结尾不完整的一条不算，它会被切掉并报告。", "不要修改文件；从备份恢复它再启动。"),
        (
            "A journal file is damaged in its middle. An unfinished last entry is cut off and reported instead.",
            "Do not edit the file; restore it from a backup and start again.",
        ),
        "journal/00000000000000000000.log:4711",
    ),
    page(
        "store/journal-gap",
        ("日志缺少一个段文件。", "从备份恢复缺少的 .log 文件。"),
        ("The journal lacks a segment file.", "Restore the missing .log file from a backup."),
        "rm journal/*.log",
    ),
    page(
        "store/journal-short",
        ("状态比日志走得更远：日志丢了已确认的内容。", "从备份恢复 journal/ 目录。"),
        (
            "The state is ahead of the journal: what was acknowledged is lost there.",
            "Restore the journal/ folder from a backup.",
        ),
        "restore state/ without journal/",
    ),
    page(
        "store/record-short",
        ("决定记录比状态所记的短。", "从备份恢复，或运行 doudi state rebuild 由日志补全。"),
        (
            "The record is shorter than the state counts.",
            "Restore it, or run doudi state rebuild, which completes it from the journal.",
        ),
        "record/record.jsonl",
    ),
    page(
        "store/record-altered",
        (
            "台账里有一条与由日志重算的不同，或不在它的位置上：文件被改动过，或由另一版本的 doudi 写成。",
            "复制 record/record.jsonl 留作证据；日志完好时移走该文件，运行 doudi state rebuild 重写整本台账。",
        ),
        (
            "An entry of the record differs from what the journal leads to, or is not in its place: the file was changed, or \
             written by another version of doudi.",
            "Keep a copy of record/record.jsonl as evidence; with a sound journal move it away and run doudi state rebuild.",
        ),
        "doudi state verify",
    ),
    page(
        "store/not-deterministic",
        ("重算的记录与文件中的不同，多半是换了 doudi 的版本。", "用写入它的版本启动，并报告此问题。"),
        (
            "Applied again, an entry of the record comes out differently, most likely under another version of doudi.",
            "Start the version that wrote it, and report this.",
        ),
        "record/record.jsonl:42",
    ),
    page(
        "store/too-large",
        ("一条记录太大，日志放不下。", "拆成较小的事件。"),
        ("An entry is too large for the journal.", "Split it into smaller events."),
        "20 MiB",
    ),
    page(
        "store/state",
        ("本地状态读写出错。状态从来不是唯一的一份。", "运行 doudi state rebuild。"),
        ("The local state failed. It is never the only copy.", "Run doudi state rebuild."),
        "state/",
    ),
    page(
        "store/closed",
        ("服务正在停止。", "稍后重发，重复发送无害。"),
        ("The service is shutting down.", "Send again later; sending twice is harmless."),
        "503",
    ),
    page(
        "store/defect",
        ("程序缺陷，在损害数据之前被发现。", "请报告；已确认的数据在日志中。"),
        (
            "A defect of doudi, caught before it could harm data.",
            "Please report it; what was acknowledged is in the journal.",
        ),
        "store/defect",
    ),
    page(
        "store/key-missing",
        ("有数据却没有密钥。没有它认不出任何人。", "从备份恢复 keys/。"),
        ("There is data but its key is missing; nobody can be recognised without it.", "Restore keys/ from a backup."),
        "keys/pseudonym.key",
    ),
    page(
        "store/key-unreadable",
        ("密钥文件内容不对。", "从备份恢复。"),
        ("The key file is not what it should be.", "Restore it from a backup."),
        "keys/vault.key",
    ),
    page(
        "store/key-exposed",
        ("密钥文件可被其他用户读取。", "运行 chmod 600，并考虑是否已经外泄。"),
        ("Other users can read the key file.", "Run chmod 600, and consider whether it has leaked."),
        "-rw-r--r-- keys/vault.key",
    ),
    page(
        "store/unseal",
        ("加密内容解不开：密钥不是写入时的那把，或内容被改动。", "从备份恢复对应的 keys/。"),
        (
            "Sealed content cannot be opened: another key, or changed bytes.",
            "Restore the matching keys/ from a backup.",
        ),
        "cp -r elsewhere/keys doudi-data/",
    ),
    page(
        "store/randomness",
        ("系统没有提供随机数。", "检查操作系统的随机数设备。"),
        ("The system gives no randomness.", "Check its random device."),
        "/dev/urandom",
    ),
    page(
        "store/clock-setting",
        ("DOUDI_CLOCK 不是带时区的时间。", "写 2026-11-24T10:00:00+08:00，或去掉该变量。"),
        ("DOUDI_CLOCK is not a time with an offset.", "Write 2026-11-24T10:00:00+08:00, or unset it."),
        "DOUDI_CLOCK=tomorrow",
    ),
    page(
        "store/clock-ahead",
        (
            "系统时钟比最后一条记录晚了一年多，更可能是时钟错了。",
            "校准系统时钟；确实停用了这么久，加 --idle-days 天数。",
        ),
        (
            "The clock is more than a year after the last entry; more likely it is wrong.",
            "Set the clock right; if it really rested that long, accept it with --idle-days DAYS.",
        ),
        "2036-11-24",
    ),
    page(
        "store/kafka",
        ("Kafka 连不上，或拒绝了请求。", "检查 --kafka-in 的地址、主题与客户端设置；doudi doctor 会试连。"),
        (
            "Kafka cannot be reached or refused the request.",
            "Check the address of --kafka-in, topics and client settings; doudi doctor tries the connection.",
        ),
        "--kafka-in broker:9092",
    ),
    page(
        "io/read",
        ("读不了文件或目录。", "检查路径和权限。"),
        ("A file or folder cannot be used.", "Check the path and the permissions."),
        "doudi ingest nowhere.jsonl",
    ),
    page(
        "io/listen",
        ("不能监听这个地址和端口。", "停掉占用它的程序，或用 --listen（demo 用 --port）换一个。"),
        (
            "The address and port cannot be listened at.",
            "Stop what has it, or name another with --listen (demo: --port).",
        ),
        "doudi serve --listen 127.0.0.1:8787",
    ),
    page(
        "service/starting",
        ("服务正在启动，日志还没有读完。", "稍后再试；日志越长，时间越久。"),
        (
            "The service starts and has not read its journal to the end.",
            "Try again shortly; a long journal takes longer.",
        ),
        "GET /readyz",
    ),
    page(
        "service/stopped",
        ("服务已停止接收和处理。", "按括号里的错误码改好，再重新启动。"),
        ("The service takes in and applies nothing more.", "Mend the code in brackets, then start again."),
        "GET /readyz",
    ),
    page(
        "io/service",
        ("服务运行不下去。", "检查端口、磁盘和权限。"),
        ("The service cannot go on.", "Check port, disk and permissions."),
        "Address already in use",
    ),
];
