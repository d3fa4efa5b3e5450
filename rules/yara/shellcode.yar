// Code that attack tools put in front of what they load: fixed by the processor and the tool, not by the campaign.

rule reflective_stager
{
    meta:
        id = "reflective-stager"
        behaviour = "payload-download"
        severity = "critical"
        title_vi = "Mã nạp thẳng vào bộ nhớ của công cụ tấn công"
        title_en = "In-memory loader of an attack tool"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là chương trình Windows mà phần đầu đã sửa thành mã chạy được, để công cụ tấn công nạp thẳng vào bộ nhớ."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a Windows program whose header was turned into running code, so that an attack tool can load it straight into memory."
        technique = "T1620"
        reference = "https://attack.mitre.org/techniques/T1620/"
        weight = "4.0"
        deterministic = "true"
    strings:
        $call_pop = { 4D 5A E8 00 00 00 00 (58 | 59 | 5A | 5B | 5D | 5E | 5F) }
        $x86 = { 4D 5A 52 45 E8 00 00 00 00 }
        $x64 = { 4D 5A 41 52 55 48 89 E5 }
        $x64_call = { 4D 5A 41 52 E8 00 00 00 00 }
    condition:
        for any of them : ($ at 0) // when: running_header
        and uint32(uint32(0x3C)) == 0x00004550 // when: program
}

rule shellcode_stager
{
    meta:
        id = "shellcode-stager"
        behaviour = "payload-download"
        severity = "critical"
        title_vi = "Mã mồi của công cụ tấn công"
        title_en = "Stager of an attack tool"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} chứa mã mồi tìm hàm hệ thống theo mã băm, do các bộ công cụ tấn công sinh ra."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} holds a stager that finds system functions by hash, as attack frameworks make them."
        technique = "T1105 T1059"
        reference = "https://attack.mitre.org/techniques/T1105/"
        weight = "4.0"
        deterministic = "true"
    strings:
        $start32 = { FC E8 (82 | 86 | 89 | 8F) 00 00 00 60 (89 E5 31 | 31 D2 89 E5) }
        $start64 = { FC 48 83 E4 F0 E8 (C0 | C8 | CC | CB) 00 00 00 41 51 41 50 52 }
        $hash_load = { 4C 77 26 07 }
        $hash_socket = { 29 80 6B 00 }
        $hash_connect = { 99 A5 74 61 }
        $hash_open = { 3A 56 79 A7 }
        $hash_alloc = { 58 A4 53 E5 }
        $hash_exec = { 31 8B 6F 87 }
    condition:
        any of ($start*) // when: prologue
        and any of ($hash*) // when: function_hash
}

rule shellcode_peb_walk
{
    meta:
        id = "shellcode-peb-walk"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Mã máy độc lập tự tìm hàm hệ thống"
        title_en = "Bare machine code that finds system functions by itself"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là mã máy không nằm trong chương trình nào, tự dò danh sách thư viện của Windows và so mã băm tên hàm."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is machine code outside any program; it walks the library list of Windows and compares hashes of function names."
        technique = "T1027.007 T1105"
        reference = "https://attack.mitre.org/techniques/T1027/007/"
        weight = "1.6"
    strings:
        $walk32_a = { 64 A1 30 00 00 00 8B ?? 0C 8B ?? (0C | 14 | 1C) }
        $walk32_b = { 64 8B ?? 30 8B ?? 0C 8B ?? (0C | 14 | 1C) }
        $walk64 = { 65 48 8B ?? 60 48 8B ?? 18 48 8B ?? (10 | 20 | 30) }
        $rotate1 = { C1 (CF | CE | CA | CB | C9 | C8) (0D | 07) }
        $rotate2 = { 41 C1 (C9 | C8 | CA) (0D | 07) }
    condition:
        any of ($walk*) // when: library_list
        and any of ($rotate*) // when: hashing
        and uint16(0) != 0x5A4D // when: outside_a_program
        and uint32(0) != 0x464C457F // when: not_elf
        and filesize < 2MB // small, like all shellcode
}

rule beacon_configuration
{
    meta:
        id = "beacon-configuration"
        behaviour = "payload-download"
        severity = "critical"
        title_vi = "Cấu hình máy trạm của công cụ điều khiển Cobalt Strike"
        title_en = "Configuration of a Cobalt Strike beacon"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} chứa bảng cấu hình đã che của máy trạm Cobalt Strike."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} holds the masked settings table of a Cobalt Strike beacon."
        technique = "T1071.001 T1620"
        reference = "https://attack.mitre.org/software/S0154/"
        weight = "4.0"
        deterministic = "true"
    strings:
        $start_69 = { 69 68 69 68 69 6B ?? ?? 69 6B 69 68 69 6B }
        $start_2e = { 2E 2F 2E 2F 2E 2C ?? ?? 2E 2C 2E 2F 2E 2C }
        $sleep_69 = { 69 6A 69 6B 69 6D }
        $sleep_2e = { 2E 2D 2E 2C 2E 2A }
    condition:
        any of ($start*) // when: first_settings
        and any of ($sleep*) // when: sleep_setting
}

rule shellcode_in_script
{
    meta:
        id = "shellcode-in-script"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Kịch bản mang theo mã mồi"
        title_en = "Script that carries a stager"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là kịch bản mang mã mồi dạng Base64 và xin vùng nhớ để chạy nó."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a script that carries a stager as Base64 and asks for memory to run it."
        technique = "T1059.001 T1027.010"
        reference = "https://attack.mitre.org/techniques/T1059/001/"
        weight = "1.8"
    strings:
        $code1 = "/OiCAAAAYInl"
        $code2 = "/OiJAAAAYInl"
        $code3 = "/OiPAAAAYDHS"
        $code4 = "/EiD5PDo"
        $run1 = "VirtualAlloc" nocase
        $run2 = "GetDelegateForFunctionPointer" nocase
        $run3 = "CreateThread" nocase
    condition:
        any of ($code*) // when: code
        and any of ($run*) // when: memory
}
