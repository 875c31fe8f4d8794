//! What can go wrong where bytes rest.

use std::fmt;
use std::io;
use std::path::Path;

use doudi_model::stage::StateFault;
use doudi_model::{Problem, Text};

/// A fault of the surroundings: disk, lock, broker, or bytes that are not what was written.
///
/// Nothing that was acknowledged is lost by a fault; the hint says how to go on.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault(Box<Problem>);

impl Fault {
    /// A fault from its code and words, `(中文, English)`.
    pub(crate) fn new(code: &'static str, message: (String, String), hint: (&str, &str)) -> Fault {
        Fault(Box::new(Problem::new(code, Text::new(message.0, message.1), Text::new(hint.0, hint.1))))
    }

    /// The same fault with its place.
    pub(crate) fn at(self, place: impl fmt::Display) -> Fault {
        Fault(Box::new(self.0.at(place.to_string())))
    }

    /// The fault as data.
    #[must_use]
    pub fn problem(&self) -> Problem {
        (*self.0).clone()
    }

    /// Its stable code, for example `store/disk-full`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// A file or folder that could not be read or written.
    pub(crate) fn io(path: &Path, error: &io::Error) -> Fault {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Fault::disk_full(path)
            }
            io::ErrorKind::PermissionDenied => Fault::new(
                "store/permission",
                ("没有权限读写".into(), "not allowed to read or write".into()),
                (
                    "检查数据目录的属主和权限，应属于运行 doudi 的用户",
                    "check owner and mode of the data directory: it must belong to the user that runs doudi",
                ),
            )
            .at(path.display()),
            _ => Fault::new(
                "store/io",
                (format!("读写失败：{error}"), format!("reading or writing failed: {error}")),
                (
                    "检查磁盘与挂载；已确认的数据仍在日志中",
                    "check disk and mount; what was acknowledged is still in the journal",
                ),
            )
            .at(path.display()),
        }
    }

    /// No room on the disk.
    pub(crate) fn disk_full(path: &Path) -> Fault {
        Fault::new(
            "store/disk-full",
            ("磁盘空间不足，没有写入".into(), "the disk is full, nothing was written".into()),
            (
                "腾出空间后重发即可；此前已确认的数据完好",
                "make room and send again; what was acknowledged before is intact",
            ),
        )
        .at(path.display())
    }

    /// Another process has the data directory.
    pub(crate) fn locked(path: &Path, owner: &str) -> Fault {
        let (zh, en) = if owner.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("（进程 {owner}）"), format!(" (process {owner})"))
        };
        Fault::new(
            "store/locked",
            (format!("数据目录正由另一个 doudi 使用{zh}"), format!("another doudi uses this data directory{en}")),
            (
                "先停掉那个进程，或用 --data 指定另一个目录",
                "stop that process first, or name another directory with --data",
            ),
        )
        .at(path.display())
    }

    /// Bytes in a file that are not what was written there.
    pub(crate) fn corrupt(path: &Path, offset: u64, zh: &str, en: &str) -> Fault {
        Fault::new(
            "store/corrupt",
            (format!("文件在字节 {offset} 处损坏：{zh}"), format!("the file is damaged at byte {offset}: {en}")),
            (
                "不要修改该文件；从备份恢复它，然后重新启动",
                "do not edit the file; restore it from a backup, then start again",
            ),
        )
        .at(format!("{}:{offset}", path.display()))
    }

    /// An entry that the journal cannot hold.
    pub(crate) fn too_large(bytes: usize, most: usize) -> Fault {
        Fault::new(
            "store/too-large",
            (
                format!("一条记录 {bytes} 字节，超出 1 至 {most} 字节"),
                format!("an entry of {bytes} bytes, outside 1 to {most} bytes"),
            ),
            ("拆成较小的事件后重发", "split it into smaller events and send again"),
        )
    }

    /// A segment of the journal that is not there.
    pub(crate) fn journal_gap(path: Option<&Path>, position: u64) -> Fault {
        Fault::new(
            "store/journal-gap",
            (
                format!("日志缺少第 {position} 条起的段文件"),
                format!("the journal lacks the segment file that holds entry {position}"),
            ),
            ("从备份恢复缺少的 .log 文件", "restore the missing .log file from a backup"),
        )
        .at(path.map(|path| path.display().to_string()).unwrap_or_default())
    }

    /// A journal that has less than the state has seen.
    pub(crate) fn journal_short(applied: u64, entries: u64) -> Fault {
        Fault::new(
            "store/journal-short",
            (
                format!("状态已应用 {applied} 条，日志只有 {entries} 条：日志丢失了已确认的内容"),
                format!(
                    "the state has applied {applied} entries, the journal holds {entries}: it lost what was acknowledged"
                ),
            ),
            ("从备份恢复 journal/ 目录", "restore the journal/ folder from a backup"),
        )
    }

    /// A line of the record that is not what the journal leads to, or not in its place.
    pub(crate) fn record_altered(path: &Path, line: u64, zh: &str, en: &str) -> Fault {
        Fault::new(
            "store/record-altered",
            (
                format!("台账第 {line} 条不对：{zh}"),
                format!("entry {line} of the record is not right: {en}"),
            ),
            (
                "先复制 record/record.jsonl 留作证据，查明谁改动过它。日志完好时，把该文件移走再运行 doudi state rebuild，\
                 由日志重写整本台账；若刚换过 doudi 的版本，先用写入它的那个版本验一次",
                "first keep a copy of record/record.jsonl as evidence and find out who changed it. With a sound journal, move \
                 the file away and run doudi state rebuild, which writes the whole record anew; if doudi was just changed \
                 for another version, verify once with the one that wrote it",
            ),
        )
        .at(format!("{}:{}", path.display(), line + 1))
    }

    /// The state could not be read or written.
    pub(crate) fn state(fault: &StateFault) -> Fault {
        Fault::new(
            "store/state",
            (format!("本地状态出错：{}", fault.0), format!("the local state failed: {}", fault.0)),
            (
                "运行 doudi state rebuild，由日志重建状态",
                "run doudi state rebuild, which makes the state anew from the journal",
            ),
        )
    }

    /// A state that another version of doudi has written.
    pub(crate) fn state_form() -> Fault {
        Fault::new(
            "store/state",
            (
                "本地状态是另一个版本的 doudi 写的，这个版本读不了".into(),
                "the local state was written by another version of doudi and cannot be read by this one".into(),
            ),
            (
                "运行 doudi state rebuild，由日志重建状态；若日志也是那个版本的，换一个新的数据目录",
                "run doudi state rebuild, which makes it anew from the journal; if the journal is of that version too, take a \
                 new data directory",
            ),
        )
    }

    /// The house was shut down.
    pub(crate) fn closed() -> Fault {
        Fault::new(
            "store/closed",
            ("服务正在停止，不再接收".into(), "shutting down, nothing more is taken in".into()),
            ("稍后重发", "send again later"),
        )
    }

    /// The same fault where it stopped the house: mending it is not enough.
    pub(crate) fn until_restart(mut self) -> Fault {
        self.0.hint.zh.push_str("；处理后重新启动 doudi，它从日志继续");
        self.0.hint.en.push_str("; then start doudi again, it goes on from the journal");
        self
    }

    /// A defect of doudi itself, caught before it could harm data.
    pub(crate) fn defect(what: &str) -> Fault {
        Fault::new(
            "store/defect",
            (format!("程序缺陷：{what}"), format!("a defect of doudi: {what}")),
            ("已确认的数据都在日志中；请报告此问题", "what was acknowledged is in the journal; please report this"),
        )
    }
}

impl From<StateFault> for Fault {
    fn from(fault: StateFault) -> Fault {
        Fault::state(&fault)
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        *fault.0
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Fault {}
