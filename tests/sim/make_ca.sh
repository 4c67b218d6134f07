#!/bin/sh
# Makes a throw-away CA and a server certificate of it for 127.0.0.1 and
# localhost: ca.pem, server.pem and server.key in DIR, mode 0600.
# Usage: make_ca.sh DIR [good|expired|not-yet|other-host|self-signed]
set -eu
umask 077
dir=$1
kind=${2:-good}
mkdir -p "$dir"
cd "$dir"

names=IP:127.0.0.1,DNS:localhost
from=$(date -u -d '2 days ago' +%y%m%d%H%M%SZ)
until=$(date -u -d '30 days' +%y%m%d%H%M%SZ)
case $kind in
good | self-signed) ;;
expired) until=$(date -u -d '1 day ago' +%y%m%d%H%M%SZ) ;;
not-yet) from=$(date -u -d '1 day' +%y%m%d%H%M%SZ) ;;
other-host) names=DNS:powerschool.example.org ;;
*)
	echo 'usage: make_ca.sh DIR [good|expired|not-yet|other-host|self-signed]' >&2
	exit 2
	;;
esac

cat >ca.cnf <<EOT
[ req ]
prompt = no
distinguished_name = name
[ name ]
CN = Throw-away test CA
[ ca ]
default_ca = this
[ this ]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
unique_subject = no
[ any ]
commonName = supplied
[ authority ]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[ server ]
basicConstraints = CA:false
extendedKeyUsage = serverAuth
subjectAltName = $names
EOT
: >index.txt
echo 01 >serial
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl ecparam -name prime256v1 -genkey -noout -out server.key
openssl req -new -x509 -config ca.cnf -extensions authority -key ca.key \
    -days 30 -out ca.pem
if [ "$kind" = self-signed ]; then
	openssl req -new -x509 -config ca.cnf -extensions server \
	    -key server.key -subj /CN=localhost -days 30 -out server.pem
else
	openssl req -new -config ca.cnf -key server.key -subj /CN=localhost \
	    -out server.csr
	openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key \
	    -extensions server -in server.csr -out server.pem \
	    -startdate "$from" -enddate "$until" 2>ca.log || {
		cat ca.log >&2
		exit 1
	}
fi
