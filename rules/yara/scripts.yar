// Scripts and shortcuts that fetch and start something. Pages that only talk about such commands must not match.

rule lnk_command
{
    meta:
        id = "lnk-command"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Lối tắt Windows gọi dòng lệnh ẩn"
        title_en = "Windows shortcut that calls a hidden command"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là lối tắt (.lnk) gọi trình thông dịch lệnh để tải hoặc chạy ngầm."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a shortcut (.lnk) that calls a command interpreter to fetch or run something unseen."
        technique = "T1204.002 T1059.001"
        reference = "https://attack.mitre.org/techniques/T1204/002/"
        weight = "1.6"
    strings:
        $head = { 4C 00 00 00 01 14 02 00 00 00 00 00 C0 00 00 00 00 00 00 46 }
        $shell1 = "powershell" ascii wide nocase
        $shell2 = "mshta" ascii wide nocase
        $shell3 = "cmd.exe" ascii wide nocase
        $shell4 = "wscript" ascii wide nocase
        $shell5 = "rundll32" ascii wide nocase
        $hidden1 = /-w(in(dowstyle)?)? +hid/ ascii wide nocase
        $hidden2 = /-e(nc|c|ncodedcommand)? +[A-Za-z0-9+\/]{16}/ ascii wide nocase
        $hidden3 = "http" ascii wide nocase
        $hidden4 = "DownloadString" ascii wide nocase
        $hidden5 = "FromBase64String" ascii wide nocase
        $hidden6 = /\/c .{0,60}(start|copy|certutil|curl|wscript|rundll32) / ascii wide nocase
    condition:
        $head at 0 // when: shortcut
        and any of ($shell*) // when: interpreter
        and any of ($hidden*) // when: hidden_or_fetching
}

rule hta_runs_command
{
    meta:
        id = "hta-runs-command"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Ứng dụng HTML (HTA) chạy lệnh"
        title_en = "HTML application (HTA) that runs commands"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là ứng dụng HTML có kịch bản gọi chương trình của Windows."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an HTML application whose script starts programs of Windows."
        technique = "T1218.005"
        reference = "https://attack.mitre.org/techniques/T1218/005/"
        weight = "1.5"
    strings:
        $application1 = "<hta:application" nocase
        $application2 = /<script[^>]{0,60}language\s*=\s*["']?(vbscript|vbs|jscript)/ nocase
        $shell1 = "WScript.Shell" nocase
        $shell2 = "Shell.Application" nocase
        $shell3 = "winmgmts:" nocase
        $run1 = "powershell" nocase
        $run2 = ".Run" nocase
        $run3 = ".Exec(" nocase
        $run4 = ".ShellExecute" nocase
        $run5 = ".Create(" nocase
    condition:
        any of ($application*) // when: application
        and any of ($shell*) // when: shell_object
        and any of ($run*) // when: runs
        and uint16(0) != 0x5A4D // when: not_a_program
}

rule powershell_encoded
{
    meta:
        id = "powershell-encoded"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Lệnh PowerShell bị mã hóa"
        title_en = "Encoded PowerShell command"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} chứa lệnh PowerShell viết dưới dạng Base64 với nội dung tải hoặc chạy mã."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} holds a PowerShell command as Base64 whose beginning fetches or runs code."
        technique = "T1059.001 T1027.010"
        reference = "https://attack.mitre.org/techniques/T1059/001/"
        weight = "1.5"
    strings:
        $call = /powershell(\.exe)?["']?.{0,120}\s[-\/^]+e(n|nc|nco|ncod|ncode|ncoded|ncodedcommand|c)?\s+["']?(JAB|SQBFAFgA|SQBuAHYA|aQBlAHgA|aQBuAHYA|WwBO|WwBT|cABvAHcA|UwBl|KABu|KABO|dAByAHkA|ZgB1AG4A|IwA|CgAk|DQAKA|YwBtAGQ)[A-Za-z0-9+\/]{40}/ ascii wide nocase
        $page = "<!doctype html" nocase
    condition:
        $call // when: encoded_call
        and not $page // when: not_an_article
}

rule powershell_fetch_and_run
{
    meta:
        id = "powershell-fetch-and-run"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "PowerShell tải mã về và chạy ngay trong bộ nhớ"
        title_en = "PowerShell that fetches code and runs it in memory"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là kịch bản PowerShell tải mã từ mạng, chạy ngay trong bộ nhớ và cố che giấu."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a PowerShell script that fetches code, runs it in memory at once and tries to hide."
        technique = "T1059.001 T1105"
        reference = "https://attack.mitre.org/techniques/T1059/001/"
        weight = "1.4"
    strings:
        $run1 = /\bIEX\b/ ascii wide nocase
        $run2 = "Invoke-Expression" ascii wide nocase
        $run3 = "[Reflection.Assembly]::Load" ascii wide nocase
        $run4 = ".Invoke(" ascii wide nocase
        $fetch1 = ".DownloadString" ascii wide nocase
        $fetch2 = ".DownloadData" ascii wide nocase
        $fetch3 = "Invoke-WebRequest" ascii wide nocase
        $fetch4 = "Invoke-RestMethod" ascii wide nocase
        $fetch5 = ".DownloadFile" ascii wide nocase
        $hide1 = /-w(in(dowstyle)?)? +hid/ ascii wide nocase
        $hide2 = "FromBase64String" ascii wide nocase
        $hide3 = "-bxor" ascii wide nocase
        $hide4 = "amsi" ascii wide nocase
        $hide5 = "[char]" ascii wide nocase
        $page = "<html" nocase
    condition:
        any of ($run*) // when: runs
        and any of ($fetch*) // when: fetches
        and any of ($hide*) // when: hides
        and not $page // when: not_an_article
        and uint16(0) != 0x5A4D // when: not_a_program
}

rule amsi_bypass
{
    meta:
        id = "amsi-bypass"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Kịch bản tắt lớp kiểm tra mã độc của Windows (AMSI)"
        title_en = "Script that switches off the malware check of Windows (AMSI)"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} có lệnh vô hiệu hóa AMSI, lớp kiểm tra kịch bản của Windows."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} has commands that disable AMSI, the script check of Windows."
        technique = "T1562.001"
        reference = "https://attack.mitre.org/techniques/T1562/001/"
        weight = "1.8"
    strings:
        $name1 = "AmsiUtils" ascii wide nocase
        $name2 = "amsiInitFailed" ascii wide nocase
        $name3 = "AmsiScanBuffer" ascii wide nocase
        $name4 = /Am['"] ?\+ ?['"]si/ ascii wide nocase
        $name5 = /amsi['"] ?\+ ?['"]/ ascii wide nocase
        $means1 = /NonPublic ?, ?Static/ ascii wide nocase
        $means2 = "VirtualProtect" ascii wide nocase
        $means3 = "[Runtime.InteropServices.Marshal]" ascii wide nocase
        $script1 = "[Ref].Assembly" ascii wide nocase
        $script2 = "Add-Type" ascii wide nocase
        $script3 = "GetField(" ascii wide nocase
        $script4 = "New-Object" ascii wide nocase
        $page = "<html" nocase
    condition:
        any of ($name*) // when: amsi
        and any of ($means*) // when: means
        and any of ($script*) // when: powershell
        and not $page // when: not_an_article
        and uint16(0) != 0x5A4D // when: not_a_program
}

rule wsh_dropper
{
    meta:
        id = "wsh-dropper"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Kịch bản JS/VBS tải tệp, ghi ra đĩa và chạy"
        title_en = "JS/VBS script that fetches a file, writes and runs it"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là kịch bản Windows tải tệp qua mạng, ghi ra đĩa rồi chạy."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a Windows script that fetches a file, writes it to disk and runs it."
        technique = "T1059.007 T1059.005 T1105"
        reference = "https://attack.mitre.org/techniques/T1059/007/"
        weight = "1.5"
    strings:
        $fetch1 = "MSXML2" nocase
        $fetch2 = "WinHttp.WinHttpRequest" nocase
        $fetch3 = "Microsoft.XMLHTTP" nocase
        $write1 = "ADODB.Stream" nocase
        $write2 = ".SaveToFile" nocase
        $write3 = "Scripting.FileSystemObject" nocase
        $run1 = "WScript.Shell" nocase
        $run2 = "Shell.Application" nocase
        $run3 = "winmgmts:" nocase
        $act1 = /\.(Run|Exec|ShellExecute|Create)\b/ nocase
        $page = "<html" nocase
    condition:
        any of ($fetch*) // when: fetches
        and any of ($write*) // when: writes
        and any of ($run*) // when: shell_object
        and $act1 // when: runs
        and not $page // when: not_a_page
        and uint16(0) != 0x5A4D // when: not_a_program
}

rule wsh_obfuscated
{
    meta:
        id = "wsh-obfuscated"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Kịch bản Windows bị làm rối"
        title_en = "Obfuscated Windows script"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là kịch bản Windows mà phần lớn lệnh bị đổi thành mã ký tự rồi dựng lại lúc chạy."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a Windows script most of whose commands are turned into character codes and rebuilt as it runs."
        technique = "T1027.010 T1059.007"
        reference = "https://attack.mitre.org/techniques/T1027/010/"
        weight = "1.2"
    strings:
        $host1 = "WScript." nocase
        $host2 = "ActiveXObject" nocase
        $host3 = "CreateObject" nocase
        $code1 = /fromCharCode\s*\(/ nocase
        $code2 = /\bchrw?\s*\(\s*[&\d]/ nocase
        $code3 = /\\x[0-9a-f]{2}\\x[0-9a-f]{2}\\x[0-9a-f]{2}/ nocase
        $run1 = /\beval\s*\(/ nocase
        $run2 = /\bExecute(Global)?\s*[( ]/ nocase
        $run3 = /new\s+Function\s*\(/ nocase
        $page = "<html" nocase
    condition:
        any of ($host*) // when: windows_host
        and (#code1 + #code2 + #code3 > 30) // when: many_codes
        and any of ($run*) // when: evaluates
        and not $page // when: not_a_page
        and uint16(0) != 0x5A4D // when: not_a_program
}

rule batch_downloader
{
    meta:
        id = "batch-downloader"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Tệp lệnh tải và chạy chương trình bằng công cụ của Windows"
        title_en = "Batch file that fetches and runs with Windows' own tools"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là tệp lệnh dùng công cụ có sẵn của Windows để tải tệp vào thư mục tạm rồi chạy."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a command file that uses tools of Windows to fetch a file to a temporary folder and start it."
        technique = "T1105 T1140 T1197"
        reference = "https://attack.mitre.org/techniques/T1105/"
        weight = "1.4"
    strings:
        $fetch1 = /certutil(\.exe)?.{1,60}-(urlcache|decode|f )/ nocase
        $fetch2 = /bitsadmin(\.exe)?.{1,60}\/(transfer|addfile)/ nocase
        $fetch3 = /curl(\.exe)?.{1,80}-o / nocase
        $place1 = /%(temp|tmp|appdata|public|programdata|localappdata)%/ nocase
        $place2 = "\\Users\\Public\\" nocase
        $run1 = /\bstart +(""|\/b|\/min|%)/ nocase
        $run2 = /(rundll32|regsvr32|mshta|wscript)(\.exe)? / nocase
        $run3 = /(^|[&\r\n]) ?call +%/ nocase
        $page = "<html" nocase
    condition:
        any of ($fetch*) // when: fetches
        and any of ($place*) // when: hides
        and any of ($run*) // when: runs
        and not $page // when: not_an_article
        and uint16(0) != 0x5A4D // when: not_a_program
}

rule exploit_page_vbscript
{
    meta:
        id = "exploit-page-vbscript"
        behaviour = "exploit-kit"
        severity = "high"
        title_vi = "Trang web khai thác lỗ hổng VBScript của trình duyệt"
        title_en = "Web page that exploits the browser's VBScript"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là trang web có kịch bản VBScript phá vỡ bộ nhớ của trình duyệt (kiểu lỗ hổng CVE-2014-6332 đến CVE-2018-8174)."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a web page whose VBScript breaks the browser's memory (flaws such as CVE-2014-6332 to CVE-2018-8174)."
        technique = "T1189 T1203"
        reference = "https://attack.mitre.org/techniques/T1189/"
        weight = "1.6"
    strings:
        $script = /<script[^>]{0,60}vbscript/ nocase
        $array = /redim\s+preserve/ nocase
        $trick1 = /chrw\s*\(\s*(2176|01|32767|&h)/ nocase
        $trick2 = /unescape\s*\(\s*"%u[0-9a-f]{4}%u/ nocase
        $trick3 = "Class_Terminate" nocase
        $trick4 = /(setnotsafemode|runmumaa|notsafemode)/ nocase
    condition:
        $script // when: vbscript
        and $array // when: array_resize
        and any of ($trick*) // when: memory_trick
}

rule exploit_page_flash
{
    meta:
        id = "exploit-page-flash"
        behaviour = "exploit-kit"
        severity = "medium"
        title_vi = "Trang web nạp Flash kèm tham số mang mã"
        title_en = "Web page that loads Flash with code in its parameters"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là trang web nạp tệp Flash và truyền cho nó một khối mã: cách làm của bộ công cụ khai thác."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a web page that loads a Flash file and hands it a block of code: the way of exploit kits."
        technique = "T1189 T1203"
        reference = "https://attack.mitre.org/techniques/T1189/"
        weight = "1.2"
    strings:
        $flash1 = "clsid:d27cdb6e-ae6d-11cf-96b8-444553540000" nocase
        $flash2 = "application/x-shockwave-flash" nocase
        $variables = /flashvars["']?\s*(value)?\s*=\s*["'][^"']{0,40}(exec|sh|iddqd|shell|payload|code)=[A-Za-z0-9+\/%=]{120}/ nocase
    condition:
        any of ($flash*) // when: flash
        and $variables // when: code_parameter
}
