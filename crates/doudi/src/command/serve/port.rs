//! The address the service listens at, and who has it if it cannot.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use doudi_model::{Problem, Text};

use crate::context::Failure;

/// Takes an address; `flag` is how the user names another one.
pub(crate) fn take(address: SocketAddr, flag: &str) -> Result<TcpListener, Failure> {
    let bound = TcpListener::bind(address).and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    bound.map_err(|fault| Failure::Environment(problem(address, flag, &fault)))
}

fn problem(address: SocketAddr, flag: &str, fault: &std::io::Error) -> Problem {
    let (message, hint) = match fault.kind() {
        ErrorKind::AddrInUse => {
            let (zh, en) = match holder(address.port()) {
                Some((pid, name)) => (format!("，占用者是进程 {pid}（{name}）"), format!(" by process {pid} ({name})")),
                None => (String::new(), String::new()),
            };
            (
                Text::new(format!("{address} 已被占用{zh}"), format!("{address} is in use{en}")),
                Text::new(
                    format!("停掉它，或用 {flag} 换一个端口；ss -ltnp 列出占用端口的程序"),
                    format!("stop it, or name another port with {flag}; `ss -ltnp` lists who has which"),
                ),
            )
        }
        ErrorKind::PermissionDenied => (
            Text::new(format!("没有权限监听 {address}"), format!("{address} may not be listened at")),
            Text::new(
                format!("1024 以下的端口要有特权：用 {flag} 换一个，前面放 Web 服务器"),
                format!("ports below 1024 take a privilege: name another with {flag} and put a web server before it"),
            ),
        ),
        ErrorKind::AddrNotAvailable => (
            Text::new(
                format!("本机没有地址 {}", address.ip()),
                format!("{} is no address of this machine", address.ip()),
            ),
            Text::new(
                format!("用 {flag} 写本机的地址；0.0.0.0 是全部，127.0.0.1 只给本机"),
                format!("name one of this machine with {flag}; 0.0.0.0 is all of them, 127.0.0.1 this machine alone"),
            ),
        ),
        _ => (
            Text::new(format!("不能监听 {address}：{fault}"), format!("cannot listen at {address}: {fault}")),
            Text::new(format!("用 {flag} 换一个地址"), format!("name another address with {flag}")),
        ),
    };
    Problem::new("io/listen", message, hint).at(address.to_string()).in_field(flag.trim_start_matches('-'))
}

/// The process that listens at a port of this machine, where the system lets us see it.
fn holder(port: u16) -> Option<(u32, String)> {
    let sockets: Vec<String> =
        ["/proc/net/tcp", "/proc/net/tcp6"].iter().filter_map(|table| listening(table, port)).collect();
    let holds = |pid: u32| {
        let open = std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
        let mut links = open.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
        links.any(|link| sockets.iter().any(|socket| link.as_os_str() == socket.as_str())).then_some(pid)
    };
    let processes = std::fs::read_dir("/proc").ok()?;
    let pid = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).find_map(holds)?;
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some((pid, name.trim().to_owned()))
}

/// `socket:[inode]` of the socket that listens at a port, from one of the system's tables.
fn listening(table: &str, port: u16) -> Option<String> {
    /// State of a socket that listens.
    const LISTEN: &str = "0A";
    let table = std::fs::read_to_string(table).ok()?;
    table.lines().skip(1).find_map(|line| {
        let columns: Vec<&str> = line.split_ascii_whitespace().collect();
        let (local, state, inode) = (columns.get(1)?, columns.get(3)?, columns.get(9)?);
        let at = u16::from_str_radix(local.rsplit(':').next()?, 16).ok()?;
        (at == port && *state == LISTEN).then(|| format!("socket:[{inode}]"))
    })
}
