// Windows programs by what they are able to do together; one such ability alone proves nothing.
import "pe"

rule pe_injection_set
{
    meta:
        id = "pe-injection-set"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Chương trình có bộ lệnh chèn mã vào tiến trình khác"
        title_en = "Program with the calls to inject code into another process"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là chương trình không chữ ký có trọn bộ lệnh mở tiến trình treo, ghi mã vào bộ nhớ của nó và chuyển luồng chạy."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an unsigned program with the complete set of calls to start a suspended process, write code into it and redirect it."
        technique = "T1055.012 T1055.002"
        reference = "https://attack.mitre.org/techniques/T1055/"
        weight = "0.9"
    strings:
        $memory = "VirtualAllocEx" ascii wide
        $write1 = "WriteProcessMemory" ascii wide
        $write2 = "NtWriteVirtualMemory" ascii wide
        $divert1 = "SetThreadContext" ascii wide
        $divert2 = "NtUnmapViewOfSection" ascii wide
        $divert3 = "QueueUserAPC" ascii wide
        $resume1 = "ResumeThread" ascii wide
        $resume2 = "NtResumeThread" ascii wide
    condition:
        uint16(0) == 0x5A4D // the rest is for programs only
        and $memory // when: remote_memory
        and any of ($write*) // when: remote_write
        and any of ($divert*) // when: diverts
        and any of ($resume*) // when: resumes
        and pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].size == 0 // when: unsigned
        and not defined pe.version_info["CompanyName"] // when: no_publisher
}

rule stealer_paths
{
    meta:
        id = "stealer-paths"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Tệp nhắm vào mật khẩu của nhiều ứng dụng cùng lúc"
        title_en = "File that aims at passwords of many applications at once"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} chứa đường dẫn kho mật khẩu của trình duyệt, của phần mềm thư hoặc FTP và của ví tiền ảo hoặc phần mềm trò chuyện: đặc trưng của mã độc đánh cắp thông tin."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} names the password stores of browsers, of mail or FTP programs and of coin wallets or chat programs: the mark of information stealers."
        technique = "T1555.003 T1552.001"
        reference = "https://attack.mitre.org/techniques/T1555/003/"
        weight = "1.8"
    strings:
        $browser1 = "\\Login Data" ascii wide nocase
        $browser2 = "logins.json" ascii wide nocase
        $browser3 = "encryptedUsername" ascii wide
        $office1 = "\\Outlook\\Profiles" ascii wide nocase
        $office2 = "FileZilla\\recentservers.xml" ascii wide nocase
        $office3 = "WinSCP 2\\Sessions" ascii wide nocase
        $office4 = "\\Thunderbird\\Profiles" ascii wide nocase
        $purse1 = "wallet.dat" ascii wide nocase
        $purse2 = "\\Electrum\\wallets" ascii wide nocase
        $purse3 = "Telegram Desktop\\tdata" ascii wide nocase
        $purse4 = "\\Local Storage\\leveldb" ascii wide nocase
        $purse5 = "Exodus\\exodus.wallet" ascii wide nocase
        $page = "<html" ascii nocase
    condition:
        any of ($browser*) // when: browser
        and any of ($office*) // when: mail_or_ftp
        and any of ($purse*) // when: wallet_or_chat
        and (not defined pe.data_directories[4].size or pe.data_directories[4].size == 0) // when: unsigned
        and not $page // when: not_an_article
}

rule pe_keylogger
{
    meta:
        id = "pe-keylogger"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Chương trình ghi phím bấm và gửi đi"
        title_en = "Program that records keys and sends them"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là chương trình không chữ ký đọc phím bấm, ghi tên cửa sổ đang mở, có nhãn phím của bản ghi và có đường gửi ra ngoài."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an unsigned program that reads keys, notes the open window, labels special keys as a key log does and has a way to send it out."
        technique = "T1056.001"
        reference = "https://attack.mitre.org/techniques/T1056/001/"
        weight = "1.5"
    strings:
        $keys1 = "GetAsyncKeyState" ascii wide
        $keys2 = "SetWindowsHookEx" ascii wide
        $keys3 = "GetKeyboardState" ascii wide
        $window = "GetForegroundWindow" ascii wide
        $label1 = /[\[{<](Enter|Return)[\]}>]/ ascii wide nocase
        $label2 = /[\[{<](Back|Backspace)[\]}>]/ ascii wide nocase
        $label3 = /[\[{<](Caps ?Lock|Esc|Tab)[\]}>]/ ascii wide nocase
        $send1 = "SmtpClient" ascii wide
        $send2 = "FtpWebRequest" ascii wide
        $send3 = "HttpSendRequest" ascii wide
        $send4 = "api.telegram.org/bot" ascii wide
        $send5 = "FtpPutFile" ascii wide
    condition:
        uint16(0) == 0x5A4D // the rest is for programs only
        and any of ($keys*) // when: reads_keys
        and $window // when: reads_window
        and 2 of ($label*) // when: key_labels
        and any of ($send*) // when: sends
        and pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].size == 0 // when: unsigned
}

rule pe_remote_control_set
{
    meta:
        id = "pe-remote-control-set"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Chương trình điều khiển ngầm từ xa (RAT)"
        title_en = "Hidden remote-control program (RAT)"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} dò phần mềm diệt vi-rút, tự cài chạy cùng Windows, tự xóa dấu vết và theo dõi màn hình hoặc cửa sổ: bộ tính năng của mã độc điều khiển từ xa."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} looks for antivirus products, installs itself to start with Windows, deletes its traces and watches the screen or windows: what remote-control malware does."
        technique = "T1219 T1547.001 T1518.001 T1070.004"
        reference = "https://attack.mitre.org/techniques/T1518/001/"
        weight = "1.6"
    strings:
        $av1 = "AntivirusProduct" ascii wide nocase
        $av2 = "AntiSpywareProduct" ascii wide nocase
        $start1 = "CurrentVersion\\Run" ascii wide nocase
        $start2 = /schtasks(\.exe)?"? \/create/ ascii wide nocase
        $erase1 = /ping (-n \d+ )?(0|127\.0\.0\.1|localhost)( -n \d+)? ?(> ?nul )?& ?del / ascii wide nocase
        $erase2 = /timeout (\/t )?\d+ ?> ?nul/ ascii wide nocase
        $erase3 = /choice \/c y \/n \/d y \/t/ ascii wide nocase
        $watch1 = "GetForegroundWindow" ascii wide
        $watch2 = "CopyFromScreen" ascii wide
        $watch3 = "capCreateCaptureWindow" ascii wide
    condition:
        uint16(0) == 0x5A4D // the rest is for programs only
        and any of ($av*) // when: lists_antivirus
        and any of ($start*) // when: persists
        and any of ($erase*) // when: deletes_itself
        and any of ($watch*) // when: watches
        and pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].size == 0 // when: unsigned
}

rule pe_ransomware
{
    meta:
        id = "pe-ransomware"
        behaviour = "payload-download"
        severity = "critical"
        title_vi = "Chương trình tống tiền: xóa bản sao lưu, mã hóa, để lại lời đòi tiền"
        title_en = "Ransomware: deletes backups, encrypts, leaves a demand"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} có lệnh xóa bản sao lưu của Windows, hàm mã hóa và lời đòi tiền chuộc. Ngắt máy khỏi mạng trước khi kiểm tra tiếp."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} has commands that delete the backups of Windows, encryption and a ransom demand. Take the machine off the network before looking further."
        technique = "T1486 T1490"
        reference = "https://attack.mitre.org/techniques/T1490/"
        weight = "2.0"
    strings:
        $backup1 = /vssadmin(\.exe)? +(delete|resize) +shadow/ ascii wide nocase
        $backup2 = /wmic(\.exe)? +shadowcopy +delete/ ascii wide nocase
        $backup3 = /bcdedit(\.exe)? +\/set.{1,20}(recoveryenabled no|bootstatuspolicy)/ ascii wide nocase
        $backup4 = /wbadmin(\.exe)? +delete +(catalog|systemstatebackup)/ ascii wide nocase
        $crypt1 = "CryptEncrypt" ascii wide
        $crypt2 = "CryptGenRandom" ascii wide
        $crypt3 = "BCryptEncrypt" ascii wide
        $crypt4 = "RijndaelManaged" ascii wide
        $crypt5 = "expand 32-byte k" ascii
        $demand1 = /files? (have|has|are|were)( been)? encrypted/ ascii wide nocase
        $demand2 = /(decrypt|recover|restore) (all )?(of )?(your|the) (files|data)/ ascii wide nocase
        $demand3 = ".onion" ascii wide nocase
        $demand4 = "bitcoin" ascii wide nocase
    condition:
        uint16(0) == 0x5A4D // when: program
        and any of ($backup*) // when: deletes_backups
        and any of ($crypt*) // when: encrypts
        and any of ($demand*) // when: demands
}

rule pe_downloader
{
    meta:
        id = "pe-downloader"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Chương trình nhỏ chuyên tải và chạy tệp khác"
        title_en = "Small program that fetches and starts another"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là chương trình nhỏ, không chữ ký, ghi sẵn địa chỉ của một tệp chạy, tải về thư mục tạm rồi chạy."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a small unsigned program that holds the address of an executable, fetches it to a temporary folder and starts it."
        technique = "T1105"
        reference = "https://attack.mitre.org/techniques/T1105/"
        weight = "1.2"
    strings:
        $fetch1 = "URLDownloadToFile" ascii wide
        $fetch2 = "InternetReadFile" ascii wide
        $fetch3 = "DownloadFile" ascii wide fullword
        $start1 = "WinExec" ascii wide
        $start2 = "ShellExecute" ascii wide
        $start3 = "CreateProcess" ascii wide
        $place1 = "GetTempPath" ascii wide
        $place2 = /%(temp|tmp|appdata|public|programdata)%/ ascii wide nocase
        $place3 = "\\AppData\\" ascii wide nocase
        $address = /https?:\/\/[\w.:-]{4,80}\/[\w.\/%-]{0,100}\.(exe|dll|scr|bin|dat|ps1|vbs|zip|jpg|png)\b/ ascii wide nocase
    condition:
        uint16(0) == 0x5A4D // the rest is for programs only
        and filesize < 300KB // when: small
        and any of ($fetch*) // when: fetches
        and any of ($start*) // when: starts
        and any of ($place*) // when: hides
        and $address // when: fixed_address
        and pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].size == 0 // when: unsigned
        and not defined pe.version_info["CompanyName"] // when: no_publisher
}
