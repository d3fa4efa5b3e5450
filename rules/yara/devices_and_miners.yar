// Bots for routers and cameras, and programs that mine coins.

rule elf_device_bot
{
    meta:
        id = "elf-device-bot"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Mã độc cho thiết bị mạng, camera (Linux)"
        title_en = "Bot for network devices and cameras (Linux)"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là chương trình Linux dùng BusyBox để tải bản sao, có lệnh tấn công từ chối dịch vụ hoặc giữ thiết bị không khởi động lại."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a Linux program that uses BusyBox to fetch copies and has flood commands or keeps the device from rebooting."
        technique = "T1105 T1498"
        reference = "https://attack.mitre.org/techniques/T1105/"
        weight = "1.8"
    strings:
        $busybox = "/bin/busybox"
        $fetch1 = "wget " nocase
        $fetch2 = "tftp "
        $fetch3 = "ftpget "
        $act1 = /(udp|tcp|syn|ack|http|std|gre|vse|dns)[ _-]?flood/ nocase
        $act2 = "/dev/watchdog"
        $act3 = "/dev/misc/watchdog"
        $act4 = "PRIVMSG "
        $act5 = "TSource Engine Query"
        $act6 = "/proc/net/tcp"
    condition:
        uint32(0) == 0x464C457F // when: program
        and $busybox // when: busybox
        and any of ($fetch*) // when: fetches
        and any of ($act*) // when: attacks
}

rule device_dropper_script
{
    meta:
        id = "device-dropper-script"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Kịch bản cài mã độc lên thiết bị mạng"
        title_en = "Script that installs a bot on network devices"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là kịch bản tìm thư mục ghi được, tải tệp từ địa chỉ IP, cấp quyền chạy và chạy."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a script that looks for a writable folder, fetches a file from a bare address, makes it executable and starts it."
        technique = "T1105 T1059.004"
        reference = "https://attack.mitre.org/techniques/T1105/"
        weight = "1.7"
    strings:
        $folder = /cd +\/(tmp|var\/run|var\/tmp|dev\/shm|mnt|var)\b/
        $fetch = /(wget|curl|tftp|ftpget)\b[^\n;&|]{0,80}\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/
        $allow = /chmod +(\+x|7?777|755)/
        $run1 = /[;&|\n] *(sh +|\.\/)[\w.\/$-]+/
        $clean1 = "rm -rf"
        $clean2 = /rm +-f? ?[\w.\/$*]+/
        $clean3 = "history -c"
        $page = "<html" nocase
    condition:
        $folder // when: writable_folder
        and $fetch // when: fetches_from_address
        and $allow // when: makes_executable
        and $run1 // when: runs
        and any of ($clean*) // when: cleans
        and not $page // when: not_an_article
        and uint32(0) != 0x464C457F // when: not_a_program
}

rule miner_settings
{
    meta:
        id = "miner-settings"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Tệp cấu hình đào tiền ảo"
        title_en = "Settings of a coin miner"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là tệp cấu hình của phần mềm đào tiền ảo: có máy chủ đào và ví nhận tiền."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a settings file of a coin miner: it names a pool and a purse."
        technique = "T1496.001"
        reference = "https://attack.mitre.org/techniques/T1496/001/"
        weight = "1.3"
    strings:
        $pool = /"?(url|pool|address)"?\s*:\s*"(stratum\+(tcp|ssl):\/\/)?[\w.-]{4,80}:\d{2,5}"/ nocase
        $user = /"(user|wallet)"\s*:\s*"[^"]{20,120}"/ nocase
        $coin1 = "\"donate-level\"" nocase
        $coin2 = "\"rig-id\"" nocase
        $coin3 = "randomx" nocase
        $coin4 = "cryptonight" nocase
        $coin5 = "stratum+" nocase
    condition:
        $pool // when: pool
        and $user // when: purse
        and any of ($coin*) // when: miner_words
}

rule miner_program
{
    meta:
        id = "miner-program"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Chương trình đào tiền ảo"
        title_en = "Coin miner program"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là chương trình đào tiền ảo."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a program that mines coins."
        technique = "T1496.001"
        reference = "https://attack.mitre.org/techniques/T1496/001/"
        weight = "1.3"
    strings:
        $protocol1 = "stratum+tcp://" ascii wide
        $protocol2 = "stratum+ssl://" ascii wide
        $work1 = "mining.submit" ascii
        $work2 = "donate-level" ascii wide
        $work3 = "keepalived" ascii
        $algorithm1 = "randomx" ascii wide nocase
        $algorithm2 = "cryptonight" ascii wide nocase
        $algorithm3 = "rx/0" ascii
        $algorithm4 = "ethash" ascii wide nocase
    condition:
        (uint16(0) == 0x5A4D or uint32(0) == 0x464C457F) // when: program
        and any of ($protocol*) // when: pool_protocol
        and any of ($work*) // when: mining_work
        and any of ($algorithm*) // when: algorithm
}
