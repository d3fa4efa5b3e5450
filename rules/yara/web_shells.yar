// Back doors that turn a web server into a command line.

rule php_web_shell
{
    meta:
        id = "php-web-shell"
        behaviour = "web-shell"
        severity = "high"
        title_vi = "Cửa hậu web viết bằng PHP"
        title_en = "Web shell in PHP"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là mã PHP chạy thẳng lệnh do người gọi gửi tới."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is PHP code that runs whatever the caller sends."
        technique = "T1505.003"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        weight = "1.8"
    strings:
        $php = "<?php" nocase
        $short = "<?="
        $run1 = /\b(eval|assert|system|exec|shell_exec|passthru|popen|proc_open)\s*\(\s*@?\s*((base64_decode|gzinflate|str_rot13|stripslashes|urldecode)\s*\(\s*)*\$_(POST|GET|REQUEST|COOKIE)\s*\[/ nocase
        $run2 = /\$_(POST|GET|REQUEST|COOKIE)\s*\[[^\]]{1,20}\]\s*\(\s*@?\$_(POST|GET|REQUEST|COOKIE)\s*\[/ nocase
        $run3 = /preg_replace\s*\(\s*["'].{1,30}\/e["']\s*,\s*@?\$_(POST|GET|REQUEST|COOKIE)/ nocase
        $run4 = /eval\s*\(\s*(gzinflate|gzuncompress|str_rot13)\s*\(\s*(base64_decode|str_rot13)\s*\(/ nocase
        $run5 = /create_function\s*\(\s*["'][^"']{0,10}["']\s*,\s*@?\$_(POST|GET|REQUEST|COOKIE)/ nocase
    condition:
        ($php or $short) // when: php
        and any of ($run*) // when: runs_input
}

rule aspx_web_shell
{
    meta:
        id = "aspx-web-shell"
        behaviour = "web-shell"
        severity = "high"
        title_vi = "Cửa hậu web viết bằng ASP.NET"
        title_en = "Web shell in ASP.NET"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là trang ASP.NET chạy lệnh do người gọi gửi tới."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an ASP.NET page that runs what the caller sends."
        technique = "T1505.003"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        weight = "1.8"
    strings:
        $page1 = /<%@\s*(Page|WebHandler|WebService)\b/ nocase
        $page2 = /<script[^>]{0,60}runat\s*=\s*["']?server/ nocase
        $run1 = /\beval\s*\(\s*(System\.Text\.Encoding\.[\w.() ]+)?\(?\s*Request/ nocase
        $run2 = "ProcessStartInfo" nocase
        $run3 = "Process.Start" nocase
        $run4 = "Assembly.Load" nocase
        $input1 = /Request(\.(Form|QueryString|Item|Params|Headers|Cookies))?\s*[\[(]\s*["']/ nocase
        $input2 = "Request.BinaryRead" nocase
    condition:
        any of ($page*) // when: server_page
        and any of ($run*) // when: runs
        and any of ($input*) // when: caller_input
}

rule jsp_web_shell
{
    meta:
        id = "jsp-web-shell"
        behaviour = "web-shell"
        severity = "high"
        title_vi = "Cửa hậu web viết bằng JSP"
        title_en = "Web shell in JSP"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là trang JSP chạy lệnh hoặc nạp mã do người gọi gửi tới."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a JSP page that runs commands or loads code that the caller sends."
        technique = "T1505.003"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        weight = "1.8"
    strings:
        $page1 = /<%@?\s*page\b/ nocase
        $page2 = /<%!?\s/
        $page3 = "<jsp:"
        $run1 = /getRuntime\s*\(\s*\)\s*\.\s*exec\s*\(/
        $run2 = "ProcessBuilder("
        $run3 = "defineClass"
        $run4 = "ScriptEngineManager"
        $input1 = "request.getParameter("
        $input2 = "request.getReader("
        $input3 = "request.getInputStream("
        $input4 = "request.getHeader("
    condition:
        any of ($page*) // when: server_page
        and any of ($run*) // when: runs
        and any of ($input*) // when: caller_input
}
